import { streamKey } from '../../../src/base/random.ts';
import type {
  ApplyContext,
  FitRows,
  FitTarget,
  Fitted,
  TransformEntry,
} from '../../../src/catalog/transforms/index.ts';
import type { Column } from '../../../src/readers/raw-data.ts';

// biome-ignore lint/suspicious/noExplicitAny: transforms differ in their fields
export type AnyTransform = TransformEntry<any>;
export type Table = readonly (readonly (number | null)[])[];

export const flat = (rows: Table): Float64Array =>
  Float64Array.from(rows.flatMap((row) => row.map((value) => value ?? Number.NaN)));

/** Rows of an array, of a table where columns are given. */
export function rowsOf(
  values: ArrayLike<number>,
  shape: readonly number[],
  more: Partial<FitRows> = {},
): FitRows {
  const width = shape.reduce((a, b) => a * b, 1);
  return {
    count: values.length / width,
    shape,
    stream: streamKey(1, 'test'),
    row: (i, out) => {
      for (let j = 0; j < width; j++) out[j] = values[i * width + j]!;
    },
    ...more,
  };
}

export const targetOf = (y: readonly number[], classes = 0): FitTarget => ({
  ...(classes > 0 && { classes: Array.from({ length: classes }, (_, i) => `class ${i}`) }),
  columns: 1,
  value: (i) => y[i]!,
});

export const contextOf = (columns: readonly Column[], training?: number): ApplyContext => ({
  training,
  texts: columns.map(({ kind, levels }) => (kind === 'text' ? levels : undefined)),
});

/** What an exported model takes for the columns that a step takes: of text the counts of its words. */
export function modelInputOf(
  fitted: Fitted,
  rows: Table,
  columns: readonly Column[],
  bag: AnyTransform,
): Table {
  if (!fitted.text) return rows;
  const counts = bag.apply(fitted, flat(rows), rows.length, contextOf(columns));
  const width = counts.length / rows.length;
  return rows.map((_, i) => Array.from(counts.subarray(i * width, (i + 1) * width)));
}
