import type { Rows } from './audit.ts';

/**
 * 53 bits for each row's float32 values; equal rows have equal hashes, -0 counts as 0 and every NaN as the
 * same. Of a million rows against another million, unequal ones share a hash with a probability of about
 * 1e-4.
 *
 * Only of rows whose hash lies in the lowest `share` of all hashes: a sample that has equal rows together, or
 * none of them.
 * @returns the hashes, and the positions of their rows
 */
export function hashesBelow(rows: Rows, share: number): { hashes: Float64Array; at: Uint32Array } {
  const width = rows.shape.reduce((a, b) => a * b, 1);
  const row = new Float64Array(width);
  const floats = new Float32Array(width);
  const bits = new Uint32Array(floats.buffer);
  const limit = share * 2 ** 53;
  let hashes = new Float64Array(share < 1 ? 1024 : rows.count);
  let at = new Uint32Array(hashes.length);
  let kept = 0;
  for (let i = 0; i < rows.count; i++) {
    rows.row(i, row);
    for (let j = 0; j < width; j++) {
      const value = row[j]!;
      floats[j] = value === 0 ? 0 : Number.isNaN(value) ? Number.NaN : value;
    }
    const hash = hashed(bits);
    if (hash >= limit) continue;
    if (kept === hashes.length) {
      hashes = grown(hashes, Float64Array);
      at = grown(at, Uint32Array);
    }
    hashes[kept] = hash;
    at[kept++] = i;
  }
  return { hashes: hashes.subarray(0, kept), at: at.subarray(0, kept) };
}

function grown<T extends Float64Array | Uint32Array>(values: T, make: new (length: number) => T): T {
  const out = new make(2 * values.length);
  out.set(values as never);
  return out;
}

/** Two lanes of multiply and xor-shift, after MurmurHash3's finalizer (Appleby, public domain). */
function hashed(words: Uint32Array): number {
  let a = 0x9747b28c;
  let b = 0x5bd1e995;
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    a = Math.imul(a ^ word, 0x85ebca6b);
    a ^= a >>> 15;
    b = Math.imul(b ^ (word + i), 0xc2b2ae35);
    b ^= b >>> 13;
  }
  a = Math.imul(a ^ (a >>> 16), 0xc2b2ae35);
  b = Math.imul(b ^ (b >>> 16), 0x85ebca6b);
  return ((a ^ (a >>> 13)) >>> 0) * 2 ** 21 + ((b ^ (b >>> 16)) >>> 11);
}

/** Position of a value in ascending values, or -1. */
export function find(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const at = sorted[middle]!;
    if (at === value) return middle;
    if (at < value) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
