import { endianness } from 'node:os';
import type { Dtype } from './npy-format.ts';

export type Numbers =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

const VIEWS = {
  b1: Uint8Array,
  u1: Uint8Array,
  i1: Int8Array,
  u2: Uint16Array,
  i2: Int16Array,
  u4: Uint32Array,
  i4: Int32Array,
  f4: Float32Array,
  f8: Float64Array,
} as const;

/**
 * The elements in some bytes of an array, in the order stored. 64-bit integers become doubles, exact up to
 * 2^53.
 */
export function numbersOf(bytes: Uint8Array, { kind, bytes: size, big }: Dtype): Numbers {
  // A copy: the bytes may be unaligned, and may have to be swapped.
  const own = new Uint8Array(bytes);
  if (size > 1 && big === (endianness() === 'LE')) turn(own, size);
  const { buffer } = own;
  if (kind === 'f' && size === 2) return Float32Array.from(new Uint16Array(buffer), half);
  if (size === 8 && kind !== 'f') {
    const whole = kind === 'i' ? new BigInt64Array(buffer) : new BigUint64Array(buffer);
    return Float64Array.from(whole, Number);
  }
  return new VIEWS[`${kind}${size}` as keyof typeof VIEWS](buffer);
}

function turn(bytes: Uint8Array, size: number): void {
  const swap = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (size === 2) swap.swap16();
  else if (size === 4) swap.swap32();
  else swap.swap64();
}

/** IEEE 754 binary16. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (exponent ? 2 ** (exponent - 15) * (1 + fraction / 1024) : 2 ** -24 * fraction);
}

/** Texts of fixed width without their padding zeros; undefined where they aren't valid Unicode. */
export function textsOf(bytes: Uint8Array, { kind, bytes: size, big }: Dtype): string[] | undefined {
  const count = size === 0 ? 0 : bytes.length / size;
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  try {
    return Array.from({ length: count }, (_, i) => {
      if (kind === 'S') return utf8.decode(view.subarray(i * size, (i + 1) * size)).replace(/\0+$/, '');
      let text = '';
      for (let at = i * size; at < (i + 1) * size; at += 4)
        text += String.fromCodePoint(big ? view.readUInt32BE(at) : view.readUInt32LE(at));
      return text.replace(/\0+$/, '');
    });
  } catch {
    return undefined;
  }
}
