import * as z from 'zod';
import { type StreamKey, shuffled, uniform } from '../../base/random.ts';
import { once } from '../fields.ts';
import type { BalanceRows } from './balance.ts';

export interface RatioParams {
  readonly ratio: number;
}

/** How far classes are drawn together. */
export const ratioField = once(() =>
  z.strictObject({
    ratio: z
      .number()
      .gt(0)
      .max(1)
      .default(1)
      .describe('rows of the smallest class over those of the largest, afterwards'),
  }),
);

/** Rows of each class, ascending. */
export function rowsByClass({
  count,
  counts,
  label,
}: Pick<BalanceRows, 'count' | 'counts' | 'label'>): Uint32Array[] {
  const out = counts.map((n) => new Uint32Array(n));
  const at = counts.map(() => 0);
  for (let i = 0; i < count; i++) {
    const c = label(i);
    out[c]![at[c]!] = i;
    at[c] = at[c]! + 1;
  }
  return out;
}

/** Rows that each class lacks to be `ratio` of the largest. */
export function lacking(counts: readonly number[], ratio: number): number[] {
  const wanted = Math.round(Math.max(...counts) * ratio);
  return counts.map((n) => (n > 0 ? Math.max(0, wanted - n) : 0));
}

/** Draws with replacement; draw number `first + i` of the stream for each one. */
export const drawFrom = (rows: Uint32Array, count: number, stream: StreamKey, first: number): Uint32Array =>
  Uint32Array.from({ length: count }, (_, i) => rows[Math.floor(uniform(stream, first + i) * rows.length)]!);

/** Draws without replacement, ascending. */
export const someOf = (rows: Uint32Array, count: number, stream: StreamKey): Uint32Array =>
  count >= rows.length ? rows : shuffled(rows, stream).slice(0, count).sort();
