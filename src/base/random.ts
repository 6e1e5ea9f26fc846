/**
 * Counter-based random numbers: every draw is a pure function of (seed, stream name, counter, index),
 * so that adding a stream changes no other one, a resume needs only the counter, and every engine
 * can make the same bits. The mixer is Wellons' `triple32` (hash-prospector), a bijection on 32 bits.
 */
const mixed = (value: number): number => {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 17), 0xed5ad4bb);
  x = Math.imul(x ^ (x >>> 11), 0xac4c1b51);
  x = Math.imul(x ^ (x >>> 15), 0x31848bab);
  return x ^ (x >>> 14);
};
/** The same as a whole number from 0 to 2^32 - 1. */
const mix = (value: number): number => mixed(value) >>> 0;

export interface StreamKey {
  readonly a: number;
  readonly b: number;
}

/** Two 32-bit words for a named stream under a seed and a counter (the training step or the epoch). */
export function streamKey(seed: number, stream: string, counter = 0): StreamKey {
  let a = mix(seed >>> 0) ^ mix(Math.floor(seed / 4294967296) + 0x9e3779b9);
  let b = mix(a ^ 0x85ebca6b);
  for (let i = 0; i < stream.length; i++) {
    a = mix(a ^ stream.charCodeAt(i));
    b = mix((b + a) | 0);
  }
  a = mix(a ^ counter);
  b = mix((b ^ a) + Math.floor(counter / 4294967296));
  return { a: a >>> 0, b: b >>> 0 };
}

/** The index-th 32-bit word of a stream. */
export const bits = (key: StreamKey, index: number): number => mix(mix(index ^ key.a) + key.b);

/** Uniform in [0, 1) with 32 bits of resolution. */
export const uniform = (key: StreamKey, index: number): number => bits(key, index) / 4294967296;

/** Standard normal by Box-Muller, from the words 2·index and 2·index + 1. */
export function normal(key: StreamKey, index: number): number {
  const u = (bits(key, 2 * index) + 1) / 4294967296; // (0, 1]
  const v = uniform(key, 2 * index + 1);
  return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * v);
}

/** Fisher-Yates over a copy of the given indices; unbiased to 2^-32. */
export function shuffled(indices: Uint32Array, key: StreamKey): Uint32Array {
  const out = indices.slice();
  for (let i = out.length - 1; i > 0; i--) {
    const j = Math.floor(uniform(key, i) * (i + 1));
    const swap = out[i]!;
    out[i] = out[j]!;
    out[j] = swap;
  }
  return out;
}

/**
 * The dropout mask of `random_mask`: 0 with probability `rate` (to 16 bits), else 1/(1-rate).
 * Two elements share one 32-bit word: element 2i takes its low half, 2i+1 its high half.
 */
export function fillMask(out: Float32Array, key: StreamKey, rate: number): void {
  // Without a branch, in whole numbers: this runs for every value of every dropout in every step.
  const limit = Math.round(rate * 65536) - 1; // a half word above it keeps
  const keep = new Int32Array(new Float32Array([1 / (1 - rate)]).buffer)[0]!;
  const words = new Int32Array(out.buffer, out.byteOffset, out.length);
  const a = key.a | 0;
  const b = key.b | 0;
  const pairs = out.length >> 1;
  for (let i = 0; i < pairs; i++) {
    const word = mixed(mixed(i ^ a) + b);
    words[2 * i] = keep & ((limit - (word & 0xffff)) >> 31);
    words[2 * i + 1] = keep & ((limit - (word >>> 16)) >> 31);
  }
  if (out.length & 1) words[out.length - 1] = keep & ((limit - (mixed(mixed(pairs ^ a) + b) & 0xffff)) >> 31);
}
