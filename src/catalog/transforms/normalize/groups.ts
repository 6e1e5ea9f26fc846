import * as z from 'zod';
import { sizeOf } from '../../../base/shape.ts';
import { once } from '../../fields.ts';
import type { FitRows } from '../transform.ts';
import { overRows, short } from '../words.ts';

/** One statistic for each element of an example (scikit-learn's way), or one for all elements together. */
export const axisFields = once(() =>
  z.strictObject({
    axis: z
      .enum(['feature', 'all'])
      .default('feature')
      .describe('feature: each column or pixel has statistics of its own; all: one for everything'),
  }),
);

export interface AxisParams {
  readonly axis: 'feature' | 'all';
}

/** Calls `visit` with every row in turn; the array is used again for the next one. */
export function eachRow(rows: FitRows, visit: (row: Float64Array) => void): void {
  const row = new Float64Array(sizeOf(rows.shape));
  for (let i = 0; i < rows.count; i++) {
    rows.row(i, row);
    visit(row);
  }
}

/** One value for each feature, or `combine` of them all where the axis is `all`. */
export function grouped(
  perFeature: Float64Array,
  axis: AxisParams['axis'],
  combine: (values: Float64Array) => number,
): Float64Array {
  return axis === 'all' ? Float64Array.of(combine(perFeature)) : perFeature;
}

export const average = (values: Float64Array): number => values.reduce((a, b) => a + b, 0) / values.length;

/** Smallest and largest value of each group. */
export function extremes(rows: FitRows, { axis }: AxisParams): { min: Float64Array; max: Float64Array } {
  const width = sizeOf(rows.shape);
  const min = new Float64Array(width).fill(Number.POSITIVE_INFINITY);
  const max = new Float64Array(width).fill(Number.NEGATIVE_INFINITY);
  eachRow(rows, (row) => {
    for (let j = 0; j < width; j++) {
      if (row[j]! < min[j]!) min[j] = row[j]!;
      if (row[j]! > max[j]!) max[j] = row[j]!;
    }
  });
  return {
    min: grouped(min, axis, (values) => values.reduce((a, b) => Math.min(a, b))),
    max: grouped(max, axis, (values) => values.reduce((a, b) => Math.max(a, b))),
  };
}

/** "mean 0.1307, std 0.3081 over 7,000 training rows", or "784 means and stds over …". */
export function summary(names: readonly string[], values: readonly Float64Array[], rows: FitRows): string {
  const groups = values[0]!.length;
  const what =
    groups === 1
      ? names.map((name, i) => `${name} ${short(values[i]![0]!)}`).join(', ')
      : `${groups} x ${names.join(', ')}`;
  return `${what} ${overRows(rows.count)}`;
}
