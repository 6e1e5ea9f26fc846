import { ndjsonReporter } from './ndjson.ts';
import { plainReporter } from './plain.ts';
import type { Reporter, ReporterOptions } from './reporter.ts';

export { type FormatOptions, formatError, formatWarning } from './errors.ts';
export { escapeText } from './escape.ts';
export type { Charts, Reporter, ReporterOptions } from './reporter.ts';

/** What people see of a run: JSON lines, a live view, or plain lines. */
export async function createReporter(o: ReporterOptions): Promise<Reporter> {
  if (o.json) return ndjsonReporter(o.stdout);
  const accessible = isSet(o.env['ACCESSIBLE']) || isSet(o.env['INK_SCREEN_READER']);
  if (accessible || !o.tui || !o.stderr.isTTY || inCi(o.env) || o.env['TERM'] === 'dumb')
    return plainReporter(o, accessible);
  // React's development build is slower and keeps a measurement of every frame.
  process.env['NODE_ENV'] ??= 'production';
  const { tuiReporter } = await import('./tui/mount.tsx');
  return tuiReporter(o);
}

const isSet = (value: string | undefined) => value !== undefined && !['', '0', 'false'].includes(value);

/** Ink draws only its last frame where it finds one of these (package is-in-ci, whose rule this is). */
const inCi = (env: ReporterOptions['env']) =>
  ['CI', 'CONTINUOUS_INTEGRATION'].some(
    (key) => env[key] !== undefined && !['0', 'false'].includes(env[key]),
  );
