import type { ReactElement } from 'react';
import { metric } from '../format.ts';
import type { Point } from '../series.ts';
import { textWidth, truncate } from '../width.ts';
import { Lines } from './lines.tsx';
import { type Kind, type Plot, plot, type Scale } from './plot.ts';
import type { Ink, Theme } from './theme.ts';

export interface Curves {
  /** Of the training steps, e.g. `loss`. */
  readonly name: string;
  readonly train: readonly Point[];
  readonly validation: readonly Point[];
  /** Set where `best` is measured by this metric. */
  readonly best?: Point;
}

interface Props {
  readonly curves: Curves;
  readonly width: number;
  readonly height: number;
  readonly scale: Scale;
  readonly xMax: number;
  readonly theme: Theme;
}

const LABEL = 8;

/** Title with legend, the curves with three values beside them, the epochs below: `height` + 2 lines. */
export function Chart(props: Props): ReactElement {
  return <Lines lines={chartLines(props)} />;
}

export function chartLines({ curves, width, height, scale, xMax, theme }: Props): string[] {
  const inner = width - LABEL;
  const { charts } = theme;
  const drawn = plot({ ...curves, width: inner, height, charts, scale, xMax });
  const labels = new Map<number, string>();
  if (drawn.ticks) {
    labels.set(0, metric(drawn.ticks[0]));
    if (height >= 4) labels.set(Math.round((height - 1) / 2), metric(drawn.ticks[1]));
    labels.set(height - 1, metric(drawn.ticks[2]));
  }
  const rows = drawn.cells.map(
    (cells, i) =>
      `${theme.paint((labels.get(i) ?? '').padStart(LABEL - 1), 'dim')} ${paintCells(cells, theme)}`,
  );
  return [title(curves, drawn, width, theme), ...rows, axis(inner, xMax, theme)];
}

function title(curves: Curves, drawn: Plot, width: number, theme: Theme): string {
  const { glyphs, paint } = theme;
  const name = truncate(drawn.scale === 'log' ? `${curves.name}, log` : curves.name, width, glyphs.ellipsis);
  type Part = { readonly text: string; readonly ink: Ink };
  const train: Part = { text: `train ${glyphs.line}`, ink: 'train' };
  const val: Part[] = curves.validation.length > 0 ? [{ text: `val ${glyphs.mark}`, ink: 'validation' }] : [];
  const best = (text: string): Part[] => (curves.best ? [{ text, ink: 'best' }] : []);
  const value = metric(curves.best?.y);
  // The fullest legend that fits beside the name.
  const legends: readonly (readonly Part[])[] = [
    [train, ...val, ...best(`best ${value} ${glyphs.best} epoch ${curves.best?.x}`)],
    [train, ...val, ...best(`best ${value} ${glyphs.best}`)],
    [train, ...val, ...best(`best ${glyphs.best}`)],
    [train, ...val],
    [],
  ];
  const length = (parts: readonly Part[]) => parts.reduce((sum, p) => sum + textWidth(p.text) + 2, -2);
  const room = width - textWidth(name) - 2;
  const legend = legends.find((parts) => length(parts) <= room) ?? [];
  if (legend.length === 0) return paint(name, 'strong');
  const gap = ' '.repeat(width - textWidth(name) - length(legend));
  return paint(name, 'strong') + gap + legend.map((p) => paint(p.text, p.ink)).join('  ');
}

function paintCells(cells: Plot['cells'][number], theme: Theme): string {
  const chars: Record<Exclude<Kind, 'train' | 'empty'>, string> = {
    validation: theme.glyphs.mark,
    best: theme.glyphs.best,
  };
  let out = '';
  let text = '';
  for (const [i, { kind, char }] of cells.entries()) {
    text += kind === 'train' || kind === 'empty' ? char : chars[kind];
    if (cells[i + 1]?.kind === kind) continue; // painted in runs of one kind
    out += kind === 'empty' ? text : theme.paint(text, kind);
    text = '';
  }
  return out.trimEnd();
}

/** `0 … 12`: the epochs. */
function axis(inner: number, xMax: number, theme: Theme): string {
  const end = `${xMax}`;
  const label = 'epoch'.padStart(LABEL - 1);
  return theme.paint(`${label} 0${' '.repeat(Math.max(1, inner - 1 - end.length))}${end}`, 'dim');
}
