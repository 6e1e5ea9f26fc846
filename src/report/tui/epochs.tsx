import type { ReactElement } from 'react';
import { escapeText } from '../escape.ts';
import { metric, seconds, short } from '../format.ts';
import { learningRate, type RunState } from '../store.ts';
import { padStart, textWidth } from '../width.ts';
import { Lines } from './lines.tsx';
import type { Theme } from './theme.ts';

interface Props {
  readonly state: RunState;
  readonly width: number;
  /** Head included. */
  readonly height: number;
  readonly theme: Theme;
}

/** The last epochs, the one at work below them. */
export function EpochTable(props: Props): ReactElement {
  return <Lines lines={tableLines(props)} />;
}

export function tableLines({ state, width, height, theme }: Props): string[] {
  const running = state.last && state.last.epoch > (state.epochs.at(-1)?.epoch ?? 0) ? state.last : undefined;
  const room = height - 1 - (running ? 1 : 0);
  if (height < 2 || (state.epochs.length === 0 && !running)) return [];
  const names = columnsThatFit(state, width);
  const shown = room > 0 ? state.epochs.slice(-room) : [];

  const head = ['epoch', ...names.map((n) => escapeText(n)), 'lr', 'time'];
  const body = shown.map((e) => [
    String(e.epoch),
    ...names.map((n) => metric(e.metrics[n])),
    rate(e.scalars),
    seconds(e.seconds),
  ]);
  if (running)
    body.push([
      String(running.epoch),
      ...names.map((n) =>
        running.metrics[n] === undefined ? theme.glyphs.ellipsis : metric(running.metrics[n]),
      ),
      rate(running.scalars),
      '',
    ]);
  const widths = head.map((title, i) =>
    Math.max(columnWidth(title, i), ...body.map((r) => textWidth(r[i] ?? ''))),
  );
  const line = (cells: readonly string[]) => cells.map((c, i) => padStart(c, widths[i] ?? 0)).join('  ');
  return [
    theme.paint(line(head), 'dim'),
    ...body.map((cells, i) => {
      const best = shown[i] !== undefined && shown[i].epoch === state.best?.epoch;
      return best ? `${line(cells)} ${theme.paint(theme.glyphs.best, 'best')}` : line(cells);
    }),
  ];
}

const columnWidth = (name: string, index: number) => Math.max(index === 0 ? 5 : 6, textWidth(name));

const rate = (scalars: Readonly<Record<string, number>>) => {
  const value = learningRate(scalars);
  return value === undefined ? '' : short(value, 2);
};

/** The losses first, then the other metrics, each with its validation value, while they fit. */
function columnsThatFit(state: RunState, width: number): string[] {
  const all = state.epochs.at(-1)?.metrics ?? state.last?.metrics ?? {};
  const base = Object.keys(all).filter((n) => !n.startsWith('val_'));
  const wanted = ['loss', ...base.filter((n) => n !== 'loss')]
    .flatMap((n) => [n, `val_${n}`])
    .filter((n) => n in all);
  const out: string[] = [];
  let used = 5 + 2 + 7 + 2 + 6 + 2; // epoch, lr, time, star
  for (const name of wanted) {
    used += columnWidth(escapeText(name), 1) + 2;
    if (used > width) break;
    out.push(name);
  }
  return out;
}
