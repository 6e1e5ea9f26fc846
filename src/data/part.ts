import { type Examples, TARGET, WEIGHT } from '../base/examples.ts';
import { type Shape, sizeOf } from '../base/shape.ts';
import { formOf } from '../catalog/tasks/index.ts';
import { invariant } from '../errors.ts';
import type { TargetShape } from '../protocol/target.ts';
import { targetWidth } from '../protocol/target.ts';
import type { Targets } from '../readers/raw-data.ts';
import type { FittedTransform } from './columns.ts';
import { rowReader, type Values } from './row-reader.ts';
import type { Codes } from './training-levels.ts';

/** One of training, validation and test. */
export interface Part extends Examples {
  /**
   * Row of the source for each position, ascending; balanced training rows may be in any order and repeat.
   */
  readonly rows: Uint32Array;
  /** The ids of the examples in records: row numbers of the source, also where rows were dropped. */
  readonly ids: Uint32Array;
}

/**
 * Values and how to prepare them. Arrays are in shared memory and files stay open, so that a worker needs no
 * copy.
 */
export interface Store {
  /** `[rows, ...shape]`. */
  readonly x: Values;
  /** Prepared value of each byte, when x holds bytes and all elements are treated alike. */
  readonly table?: Float32Array;
  /** `x * scale + shift`, one value for each element of an example. */
  readonly scale?: Float64Array;
  readonly shift?: Float64Array;
  /** Steps that are computed with each reading, where their results would take too much room. */
  readonly deferred?: Deferred;
}

/** Steps of the features as plain data. */
export interface Deferred {
  /** Shape of one example in x. */
  readonly shape: Shape;
  readonly codes?: Codes;
  readonly steps: readonly Omit<FittedTransform, 'entry'>[];
  /** For the training part: all training rows, ascending, for steps that treat each one differently. */
  readonly training?: Uint32Array;
}

/** An input field of a part as plain data. */
export interface SharedInput {
  readonly name: string;
  /** Of one prepared example. */
  readonly shape: Shape;
  readonly store: Store;
  /** Row in the store of each position; when left out they are the same. */
  readonly at?: Uint32Array;
}

/** A part as plain data, to post to a worker. */
export interface SharedPart {
  readonly inputs: readonly SharedInput[];
  /** Row of the source of each position, into `y` as well. */
  readonly rows: Uint32Array;
  readonly y: Targets;
  /** Weight of each class's examples in the loss. */
  readonly weights?: Float64Array;
}

declare const sealed: unique symbol;

/** The test part on its way to the training thread: opened by `openTest` only. */
export interface SealedPart {
  readonly count: number;
  readonly [sealed]: true;
}

export interface SharedData {
  readonly target: TargetShape;
  readonly train: SharedPart;
  /** The training part as it was before its classes were balanced. */
  readonly unbalanced?: SharedPart;
  readonly validation: SharedPart;
  readonly test: SealedPart;
}

/**
 * Makes the function that fills examples with deferred features. It is in `deferred-features.ts`, which the
 * training thread loads only if need be.
 */
export type OpenDeferred = (x: Values, deferred: Deferred, width: number) => Fill;

/** Gives shared arrays the methods of a part; nothing is copied. */
export function openPart(shared: SharedPart, target: TargetShape, openDeferred?: OpenDeferred): Part {
  const { inputs, rows, y, weights } = shared;
  const columns = targetWidth(target);
  const targets: Writer = (out, order, from, count) => {
    for (let k = 0; k < count; k++) {
      const row = rows[order[from + k]!]! * columns;
      for (let c = 0; c < columns; c++) out[k * columns + c] = y[row + c]!;
    }
  };
  const counted: Writer = (out, order, from, count) => {
    for (let k = 0; k < count; k++) out[k] = weights ? weights[y[rows[order[from + k]!]!]!]! : 1;
  };
  const writers = new Map([
    ...inputs.map((input) => [input.name, inputWriter(input, openDeferred)] as const),
    [TARGET, targets],
    [WEIGHT, counted],
  ]);
  return {
    count: rows.length,
    fields: [
      ...inputs.map(({ name, shape }) => ({ name, role: 'input', shape, dtype: 'f32' }) as const),
      { name: TARGET, role: 'target', ...formOf(target).y(target) },
      { name: WEIGHT, role: 'weight', shape: [], dtype: 'f32' },
    ],
    rows,
    ids: rows,
    fill(field, ...rest) {
      const write = writers.get(field);
      invariant(write, `the examples have no field ${field}`);
      write(...rest);
    },
  };
}

/** Writes one field of some examples. */
type Writer = (out: Float32Array | Int32Array, order: Uint32Array, from: number, count: number) => void;

function inputWriter({ store, shape, at }: SharedInput, openDeferred?: OpenDeferred): Writer {
  const fillRows = filler(store, sizeOf(shape), openDeferred);
  let places = new Uint32Array();
  return (out, order, from, count) => {
    if (places.length < count) places = new Uint32Array(count);
    for (let k = 0; k < count; k++) places[k] = at ? at[order[from + k]!]! : order[from + k]!;
    fillRows(out as Float32Array, places, count);
  };
}

/**
 * Prepares the first `count` examples at `places` of the store. Computes in float64 and rounds once, when
 * storing.
 */
export type Fill = (out: Float32Array, places: Uint32Array, count: number) => void;

function filler(
  { x, table, scale, shift, deferred }: Store,
  width: number,
  openDeferred?: OpenDeferred,
): Fill {
  if (deferred) {
    invariant(openDeferred, 'the steps that are left are known');
    return openDeferred(x, deferred, width);
  }
  if (table)
    return (out, places, count) => {
      const bytes = x as Uint8Array;
      for (let k = 0, to = 0; k < count; k++) {
        const start = places[k]! * width;
        for (let j = 0; j < width; j++) out[to++] = table[bytes[start + j]!]!;
      }
    };
  const reader = rowReader(x, width);
  if (!scale || !shift) return (out, places, count) => reader.read(places, 0, count, out);
  // The values of x are float32 already, so nothing is rounded before the end.
  return (out, places, count) => {
    reader.read(places, 0, count, out);
    for (let k = 0, to = 0; k < count; k++)
      for (let j = 0; j < width; j++, to++) out[to] = out[to]! * scale[j]! + shift[j]!;
  };
}
