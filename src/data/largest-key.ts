import { eachKeys, type Keys } from './split-keys.ts';

const BUCKETS = 2 ** 16;

/** The k-th largest of finite numbers, k from 1: counts the numbers in buckets, and sorts only one bucket. */
export function largest(keys: Keys, k: number): number {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  eachKeys(keys, (block) => {
    for (let i = 0; i < block.length; i++) {
      const value = block[i]!;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  });
  // One bucket where all are equal, or too close or too far apart for doubles.
  const scale = (BUCKETS - 1) / (high - low);
  const bucketOf = Number.isFinite(scale) ? (value: number) => Math.floor((value - low) * scale) : () => 0;
  const counts = new Float64Array(BUCKETS);
  eachKeys(keys, (block) => {
    for (let i = 0; i < block.length; i++) {
      const bucket = bucketOf(block[i]!);
      counts[bucket] = counts[bucket]! + 1;
    }
  });
  let bucket = BUCKETS - 1;
  let left = k;
  while (counts[bucket]! < left) left -= counts[bucket--]!;
  const near = new Float64Array(counts[bucket]!);
  let at = 0;
  eachKeys(keys, (block) => {
    for (let i = 0; i < block.length; i++) if (bucketOf(block[i]!) === bucket) near[at++] = block[i]!;
  });
  return near.sort()[near.length - left]!;
}
