import type { Shape } from '../base/shape.ts';
import { sizeOf } from '../base/shape.ts';
import type { Column, RawData } from '../readers/raw-data.ts';
import { applyChain } from './columns.ts';
import type { Prepared } from './prepare.ts';
import { recodedReader, withTrainingLevels } from './training-levels.ts';

/** Rows as the source has them, and the way from there to what the network gets. */
export interface SourceRows {
  readonly shape: Shape;
  /** Of a table. */
  readonly columns?: readonly Column[];
  /** Values `[rows, ...shape]` of rows of the source, categories as training knows them. */
  read(rows: ArrayLike<number>): Float64Array;
  /**
   * Values `[count, ...shape]` through the fitted features. Each row is treated as one that training has
   * never seen.
   */
  prepare(values: Float64Array, count: number): Float32Array;
}

/** @param read what the source gives, of the very data that were prepared */
export function sourceRows(read: RawData, { train, unbalanced = train, transforms }: Prepared): SourceRows {
  const raw = withTrainingLevels(read, unbalanced.rows);
  const width = sizeOf(raw.shape);
  const reader = recodedReader(raw.shape, raw.file ?? raw.x, raw.codes);
  return {
    shape: raw.shape,
    columns: raw.columns,
    read(rows) {
      const out = new Float64Array(rows.length * width);
      reader.read(rows, 0, rows.length, out);
      return out;
    },
    prepare: (values, count) => Float32Array.from(applyChain(transforms, values, count, undefined)),
  };
}
