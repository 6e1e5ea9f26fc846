import { asDoubles, type NumberFile, readNumbers } from '../readers/files/number-file.ts';

/** The keys of a split: one double for each row, in memory or in a file. */
export type Keys = Float64Array | NumberFile;

export const keyCount = (keys: Keys): number => ('handle' in keys ? keys.length / 2 : keys.length);

const BLOCK = 2 ** 16;

/** Calls `visit` with blocks of keys in order; the array may be reused. */
export function eachKeys(keys: Keys, visit: (block: Float64Array, from: number) => void): void {
  if (!('handle' in keys)) {
    visit(keys, 0);
    return;
  }
  const held = new Float32Array(2 * BLOCK);
  for (let from = 0; from < keyCount(keys); from += BLOCK) {
    const block = held.subarray(0, Math.min(2 * BLOCK, keys.length - 2 * from));
    readNumbers(keys, 2 * from, block);
    visit(asDoubles(block), from);
  }
}

/** One byte for each key. */
export function byKey(keys: Keys, of: (key: number) => number): Uint8Array {
  const out = new Uint8Array(keyCount(keys));
  eachKeys(keys, (block, from) => {
    for (let i = 0; i < block.length; i++) out[from + i] = of(block[i]!);
  });
  return out;
}

/** The keys of some rows. */
export function keysOf(keys: Keys, rows: Uint32Array): Float64Array {
  const all = new Float64Array(keyCount(keys));
  eachKeys(keys, (block, from) => all.set(block, from));
  return Float64Array.from(rows, (row) => all[row]!);
}
