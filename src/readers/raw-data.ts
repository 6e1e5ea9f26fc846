import { INPUT } from '../base/examples.ts';
import type { Shape } from '../base/shape.ts';
import type { TargetShape } from '../protocol/target.ts';
import type { FileFingerprint } from './files/data-file.ts';
import type { NumberFile } from './files/number-file.ts';

export type ColumnKind = 'number' | 'category' | 'binary' | 'date' | 'text';

/** An input column of a table. Missing values are NaN in every kind. */
export interface Column {
  readonly name: string;
  /**
   * What its numbers mean. number: the value; category: an index into `levels`, -1 for a level that isn't
   * listed; binary: 0 or 1; date: days since 1970-01-01 UTC; text: an index into `levels`, the distinct
   * texts.
   */
  readonly kind: ColumnKind;
  readonly levels?: readonly string[];
}

/** An input field of the examples: what one input of a network reads. */
export interface InputShape {
  readonly name: string;
  readonly shape: Shape; // of one example, channels last: [28, 28, 1]
}

/** What `mlx check` needs to know: the shape of one example and of its target. */
export interface DataShape {
  readonly shape: Shape; // of the one input, or of the first
  /** Of the first input where there are several. */
  readonly name?: string;
  /** The inputs after the first. */
  readonly more?: readonly InputShape[];
  readonly target: TargetShape;
  readonly count?: number;
}

/** The values of one input, of all rows. */
export interface RawInput extends InputShape, Pick<RawData, 'x' | 'file' | 'columns'> {}

export type Targets = Uint8Array | Int32Array | Float32Array;

export interface RawData extends DataShape {
  readonly count: number;
  /**
   * `[count, ...shape]`, row-major. Bytes stay bytes: transforms decide what they mean. Empty where `file`
   * has the values.
   */
  readonly x: Uint8Array | Float32Array;
  /** The values of x where there are too many for memory. `data/row-reader.ts` reads both. */
  readonly file?: NumberFile;
  /**
   * Class indices `[count]`, as bytes where there are very many rows; numbers `[count, columns]`; labels
   * `[count, labels]` as 0 and 1.
   */
  readonly y: Targets;
  /** The input columns of a table, one for each element of x. */
  readonly columns?: readonly Column[];
  /**
   * The key of each row for a split by a column, as a double: the number of its group, its time, or a hash in
   * [0, 1). `data/split-keys.ts` reads them.
   */
  readonly keys?: Float64Array | NumberFile;
  /** The source's row number of each row, where rows were dropped or reordered. */
  readonly ids?: Uint32Array;
  /** The source's own parts, for `split: { type: fixed }`: rows [0, train) and [train, count). */
  readonly train?: number;
  readonly more?: readonly RawInput[];
  readonly files: readonly FileFingerprint[];
}

/** The data once for each input, as if it were the only one. */
export function eachInput(raw: RawData): readonly (RawData & { readonly name: string })[] {
  const { more = [], name = INPUT, ...first } = raw;
  const { columns: _, file: __, ...rest } = first;
  return [{ ...first, name }, ...more.map((one) => ({ ...rest, ...one }))];
}
