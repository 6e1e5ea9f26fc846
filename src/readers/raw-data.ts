import type { Shape } from '../base/shape.ts';
import type { TargetShape } from '../protocol/target.ts';
import type { FileFingerprint } from './files/data-file.ts';
import type { NumberFile } from './files/number-file.ts';

export type ColumnKind = 'number' | 'category' | 'binary' | 'date' | 'text';

/** An input column of a table. Missing values are NaN in every kind. */
export interface Column {
  readonly name: string;
  /** number; category: index into `levels`, -1 for a level that isn't there; binary: 0, 1; date: days since 1970-01-01 UTC; text: index into `levels`, which are all different texts. */
  readonly kind: ColumnKind;
  readonly levels?: readonly string[];
}

/** What `mlx check` needs to know: the shape of one example and of its target. */
export interface DataShape {
  readonly shape: Shape; // one example, channels last: [28, 28, 1]
  readonly target: TargetShape;
  readonly count?: number;
}

export type Targets = Uint8Array | Int32Array | Float32Array;

export interface RawData extends DataShape {
  readonly count: number;
  /** `[count, ...shape]`, row-major. Bytes stay bytes: transforms decide what they mean. Empty where `file` has the values. */
  readonly x: Uint8Array | Float32Array;
  /** The values of x where they are too many for memory. `data/rows.ts` reads either. */
  readonly file?: NumberFile;
  /** Class indices `[count]`, as bytes where there are very many rows; numbers `[count, columns]`; labels `[count, labels]` as 0 and 1. */
  readonly y: Targets;
  /** The input columns of a table, one for each element of x. */
  readonly columns?: readonly Column[];
  /** For splits by a column: one double a row. Groups are numbered, times and hashes in [0, 1) are as they are. `data/keys.ts` reads them. */
  readonly keys?: Float64Array | NumberFile;
  /** Row of the source of each row, where rows were left out or put in another order. */
  readonly ids?: Uint32Array;
  /** The source's own parts, for `split: { type: fixed }`: rows [0, train) and [train, count). */
  readonly train?: number;
  readonly files: readonly FileFingerprint[];
}
