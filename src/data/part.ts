import type { TargetShape } from '../catalog/sources/source.ts';
import type { Shape } from '../graph/index.ts';

/** Examples in an order that the caller chooses; what the training loop reads. */
export interface Examples {
  readonly count: number;
  /** Writes prepared x of the examples at positions `order[from .. from + count)` of the part, `[count, ...shape]`. */
  fill(out: Float32Array, order: Uint32Array, from: number, count: number): void;
  /** Writes their class indices `[count]`, or numbers `[count, columns]`. */
  labels(out: Int32Array | Float32Array, order: Uint32Array, from: number, count: number): void;
  /** Writes what each of them counts in the loss `[count]`; 1 where nothing else was asked for. */
  weights(out: Float32Array, order: Uint32Array, from: number, count: number): void;
}

/** One of training, validation and test. */
export interface Part extends Examples {
  /** Row of the source for each position, ascending; of training rows that were balanced in any order, some more than once. */
  readonly rows: Uint32Array;
  /** What a record calls the examples: the same rows, or where rows were left out those of the source. */
  readonly ids: Uint32Array;
}

/** Values and how to prepare them. All arrays lie in shared memory: a worker reads them without a copy. */
export interface Store {
  /** `[rows, ...shape]`. */
  readonly x: Uint8Array | Float32Array;
  /** Prepared value of each byte, when x holds bytes and all elements are treated alike. */
  readonly table?: Float32Array;
  /** `x * scale + shift`, one value for each element of an example. */
  readonly scale?: Float64Array;
  readonly shift?: Float64Array;
}

/** A part as plain data, to post to a worker. */
export interface SharedPart {
  readonly store: Store;
  /** Row in the store of each position. */
  readonly at: Uint32Array;
  /** Row of the source of each position, into `y` as well. */
  readonly rows: Uint32Array;
  readonly y: Int32Array | Float32Array;
  /** What the examples of each class count in the loss. */
  readonly weights?: Float64Array;
}

export interface SharedData {
  readonly shape: Shape;
  readonly target: TargetShape;
  readonly train: SharedPart;
  /** The training part as it was before its classes were balanced. */
  readonly unbalanced?: SharedPart;
  readonly validation: SharedPart;
  readonly test: SharedPart;
}

/** Gives shared arrays the methods of a part; nothing is copied. */
export function openPart(shared: SharedPart, shape: Shape, target: TargetShape): Part {
  const { store, at, rows, y, weights } = shared;
  const width = shape.reduce((a, b) => a * b, 1);
  const columns = target.kind === 'class' ? 1 : target.columns.length;
  return {
    count: rows.length,
    rows,
    ids: rows,
    fill(out, order, from, count) {
      for (let k = 0; k < count; k++) fillRow(store, at[order[from + k]!]! * width, out, k * width, width);
    },
    labels(out, order, from, count) {
      for (let k = 0; k < count; k++) {
        const row = rows[order[from + k]!]! * columns;
        for (let c = 0; c < columns; c++) out[k * columns + c] = y[row + c]!;
      }
    },
    weights(out, order, from, count) {
      for (let k = 0; k < count; k++) out[k] = weights ? weights[y[rows[order[from + k]!]!]!]! : 1;
    },
  };
}

/** Prepares one row; computed in float64, rounded once as it is stored. */
function fillRow(store: Store, start: number, out: Float32Array, to: number, width: number): void {
  const { x, table, scale, shift } = store;
  if (table) for (let j = 0; j < width; j++) out[to + j] = table[x[start + j]!]!;
  else if (scale && shift)
    for (let j = 0; j < width; j++) out[to + j] = x[start + j]! * scale[j]! + shift[j]!;
  else out.set(x.subarray(start, start + width), to);
}
