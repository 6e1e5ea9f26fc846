import { escapeText } from '../escape.ts';
import { metric } from '../format.ts';
import { messageLine } from '../plain.ts';
import type { RunState } from '../store.ts';
import { truncate } from '../width.ts';
import { NARROW } from './layout.ts';
import type { Theme } from './theme.ts';

export interface Keys {
  readonly stopping: boolean;
  readonly help: boolean;
  /** False where stdin is no terminal: then no key can arrive. */
  readonly usable: boolean;
}

const HELP = [
  'q  ends after this step and saves: mlx resume goes on from there; ctrl-c does the same',
  'l  loss on a logarithmic or a linear scale; t  table of epochs instead of curves',
  'train: each step, averaged where several share a place; val: whole epochs; star: best so far',
];

/** Newest warning, the test's result, help, keys: its lines are fixed before the layout is. */
export function footerLines(state: RunState, keys: Keys, width: number, theme: Theme): string[] {
  const cut = (text: string) => truncate(text, width, theme.glyphs.ellipsis);
  const lines: string[] = [];
  const warning = state.messages.findLast((m) => m.level === 'warning');
  if (warning) lines.push(theme.paint(cut(messageLine('warning', warning.code, warning.text)), 'warning'));
  if (state.test) {
    const values = Object.entries(state.test.metrics).map(([n, m]) => `${escapeText(n)} ${metric(m.value)}`);
    lines.push(cut(`test  ${values.join('  ')}`));
  }
  if (keys.help) lines.push(...HELP.map((text) => theme.paint(cut(text), 'dim')));
  if (keys.stopping) lines.push(theme.paint(cut('stopping after this step, then saving'), 'strong'));
  else if (keys.usable) {
    const all = ['q stop+save   l log/linear   t table   ? keys', 'q stop+save   ? keys', '? keys'];
    // Without a chart there is no scale to change; `?` tells of the rest.
    if (width < NARROW) all.shift();
    lines.push(theme.paint(all.find((text) => text.length <= width) ?? '', 'dim'));
  }
  return lines;
}
