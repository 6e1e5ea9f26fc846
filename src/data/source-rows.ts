import type { Shape } from '../base/shape.ts';
import { sizeOf } from '../base/shape.ts';
import type { Column, RawData } from '../readers/raw-data.ts';
import { applyChain } from './columns.ts';
import type { Prepared } from './prepare.ts';
import { recodedReader, withTrainingLevels } from './training-levels.ts';

/** The source's rows, and how to make the network's input from them. */
export interface SourceRows {
  readonly shape: Shape;
  /** Of a table. */
  readonly columns?: readonly Column[];
  /** Values `[rows, ...shape]` of the source; categories are indices of the training levels. */
  read(rows: ArrayLike<number>): Float64Array;
  /** Takes values `[count, ...shape]` through the fitted features, as new rows, not as training rows. */
  prepare(values: Float64Array, count: number): Float32Array;
}

/** @param read the source's rows, of the same data that were prepared */
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
