import type { ReactElement } from 'react';
import { escapeText } from '../escape.ts';
import { metric } from '../format.ts';
import { padEnd, textWidth, truncate } from '../width.ts';
import type { Curves } from './chart.tsx';
import { Lines } from './lines.tsx';
import { sparkline } from './sparkline.ts';
import type { Ink, Theme } from './theme.ts';

interface Props {
  readonly curves: readonly Curves[];
  /** The monitored quantity and the epoch of its best value. */
  readonly best?: { readonly monitor: string; readonly epoch: number; readonly value: number };
  readonly width: number;
  readonly height: number;
  readonly theme: Theme;
}

export interface Spark {
  readonly name: string;
  readonly ink: Ink;
  readonly points: Curves['train'];
}

/** One line for each curve that has values, validation after its train curve. */
export const sparksOf = (curves: readonly Curves[]): Spark[] =>
  curves
    .flatMap((c): Spark[] => [
      { name: c.name, ink: 'train', points: c.train },
      { name: `val_${c.name}`, ink: 'validation', points: c.validation },
    ])
    .filter((s) => s.points.length > 0);

/** Name, curve, newest value, and the best one with a star. */
export function Sparks({ curves, best, width, height, theme }: Props): ReactElement | null {
  const { glyphs, paint } = theme;
  const sparks = sparksOf(curves);
  if (sparks.length === 0) return null;
  // Validation says more than a second training curve where not everything fits.
  const shown = sparks.length <= height ? sparks : sparks.filter((s, i) => i === 0 || s.ink === 'validation');
  const label = Math.min(Math.floor(width / 3), Math.max(...shown.map((s) => textWidth(escapeText(s.name)))));
  const lines = shown.slice(0, height).map((s) => {
    const name = padEnd(truncate(escapeText(s.name), label, glyphs.ellipsis), label);
    const value = metric(s.points.at(-1)?.y);
    const star = best?.monitor === s.name ? `best ${metric(best.value)} ${glyphs.best}${best.epoch}` : '';
    const tail = [`${value} ${star}`, `${value}${star === '' ? '' : ` ${glyphs.best}${best?.epoch}`}`, value];
    const text = tail.find((t) => label + 2 + 8 + 2 + t.length <= width) ?? value;
    const room = Math.max(
      0,
      Math.min(32, width - label - 4 - 24, 64),
      Math.min(16, width - label - 4 - text.length),
    );
    const curve = padEnd(sparkline(s.points, room, theme.charts), room);
    return `${name}  ${paint(curve, s.ink)}  ${text.trimEnd()}`;
  });
  return <Lines lines={lines} />;
}
