import { html, htmlLines } from '../page/html.ts';
import { titled } from './parts.ts';
import type { RunPage } from './run-page.ts';

/** Longest text that is shown. */
const MOST = 40_000;

/** The config as it was written, so only what departs from the defaults; then every value. */
export function configSection({
  record,
}: {
  readonly record: Pick<RunPage['record'], 'config' | 'resolved' | 'lock'>;
}): string {
  const { config, resolved, lock } = record;
  if (config === undefined) return '';
  const overrides = (lock?.config?.overrides ?? []).map((o) => `<code>--set ${html(o)}</code>`);
  const changed = overrides.length > 0 ? `<p>Changed on the command line: ${overrides.join(' ')}</p>` : '';
  const all = resolved
    ? `<details><summary>Every value, defaults included (config.resolved.yaml)</summary><pre tabindex="0">${yaml(resolved)}</pre></details>`
    : '';
  return titled(
    'What was asked',
    'config.yaml',
    'As it was written: what isn’t here has its default.',
    `${changed}<pre tabindex="0">${yaml(config)}</pre>${all}`,
  );
}

/** Comments in grey; they don't count. */
const yaml = (text: string): string =>
  htmlLines(text.slice(0, MOST).replace(/^\ufeff/, ''))
    .split('\n')
    .map((line) => line.replace(/(^|\s)(#(?!\d+;).*)$/, '$1<span class="comment">$2</span>'))
    .join('\n') + (text.length > MOST ? '\n…' : '');
