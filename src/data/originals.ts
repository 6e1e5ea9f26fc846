import { sizeOf } from '../base/shape.ts';
import { type NumberFile, readNumbers } from '../readers/files/number-file.ts';
import type { Split } from './split-rows.ts';
import { type RecodedData, recodedReader } from './training-levels.ts';

/** Some examples of a part before any feature step, for reports. */
export interface Originals {
  /** Positions in the part, ascending. */
  readonly at: Uint32Array;
  /** `[at.length, ...raw]`; categories are indices of the training levels. */
  readonly x: Uint8Array | Float32Array;
}

/** The most examples of a part, and the most numbers in them. */
const MOST_ROWS = 5_000;
const MOST_VALUES = 4_000_000;
/** Training points that a picture of a plane shows. */
const MOST_POINTS = 1_000;

/**
 * Examples spread evenly over the part that will be scored (test, else validation, else training), which are
 * all of them up to 5,000 rows or 4,000,000 numbers. Where an example has two numbers, some training points
 * as well.
 */
export function originalsOf(
  raw: RecodedData,
  split: Split,
): Readonly<Partial<Record<keyof Split, Originals>>> {
  const width = sizeOf(raw.shape);
  const scored = (['test', 'validation', 'train'] as const).find((part) => split[part].length > 0)!;
  const most = Math.max(1, Math.min(MOST_ROWS, Math.floor(MOST_VALUES / width)));
  return {
    ...(width === 2 && { train: taken(raw, split.train, MOST_POINTS) }),
    [scored]: taken(raw, split[scored], most),
  };
}

function taken(raw: RecodedData, rows: Uint32Array, most: number): Originals {
  const count = Math.min(rows.length, most);
  const at = Uint32Array.from({ length: count }, (_, i) => Math.floor((i * rows.length) / count));
  const chosen = at.map((position) => rows[position]!);
  const width = sizeOf(raw.shape);
  if (!raw.file && !raw.codes) return { at, x: rowsOf(raw.x, chosen, width) };
  const values = new Float32Array(count * width);
  recodedReader(raw.shape, raw.file ?? raw.x, raw.codes).read(chosen, 0, count, values);
  return { at, x: values };
}

/** Copies whole rows, since pictures have many numbers. */
function rowsOf<T extends Uint8Array | Float32Array>(x: T, rows: Uint32Array, width: number): T {
  const out = new (x.constructor as new (length: number) => T)(rows.length * width);
  rows.forEach((row, k) => {
    out.set(x.subarray(row * width, (row + 1) * width), k * width);
  });
  return out;
}

/** The same in memory: what the cache returns may refer to its file. */
export function heldOriginals(
  kept: Partial<Record<keyof Split, Kept>>,
): Partial<Record<keyof Split, Originals>> {
  return Object.fromEntries(
    Object.entries(kept).map(([part, { at, x }]) => {
      if (!('handle' in x)) return [part, { at, x }];
      const values = new Float32Array(x.length);
      readNumbers(x, 0, values);
      return [part, { at, x: values }];
    }),
  );
}

interface Kept {
  readonly at: Uint32Array;
  readonly x: Originals['x'] | NumberFile;
}
