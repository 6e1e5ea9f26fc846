import { shuffled, streamKey } from '../catalog/random.ts';
import type { RawData } from '../catalog/sources/source.ts';
import type { SplitConfig } from '../config/config.ts';
import { dataError } from '../errors.ts';
import { splitByKey } from './split-by-key.ts';
import { type Sizes, splitSizes } from './split-sizes.ts';

/** Rows of the source in each part, ascending. */
export interface Split {
  readonly train: Uint32Array;
  readonly validation: Uint32Array;
  readonly test: Uint32Array;
}

/**
 * Draws the parts from the named stream `split` of the seed: the test part first, then validation, then training. So
 * the test rows stay the same whatever the validation share is.
 * @throws MlxError `split-*`, `class-too-small`
 */
export function splitRows(raw: RawData, split: SplitConfig, seed: number): Split {
  if (raw.keys) return splitByKey(raw.keys, split, seed);
  const sizes = splitSizes(split, raw.count, raw.train);
  const order = shuffled(
    Uint32Array.from({ length: raw.count }, (_, i) => i),
    streamKey(seed, 'split'),
  );
  const classes = split.stratify && raw.target.kind === 'class' ? raw.target.classes : undefined;
  const pools = classes ? byClass(order, raw.y, classes.length) : [order];
  if (classes && split.type === 'random') checkClasses(pools, classes, sizes);
  if (split.type === 'random') return draw(pools, sizes);
  const boundary = raw.train!;
  const training = pools.map((pool) => pool.filter((row) => row < boundary));
  const test = Uint32Array.from({ length: sizes.test }, (_, i) => boundary + i);
  return { ...draw(training, { ...sizes, test: 0 }), test };
}

/** Rows of each class, in the order given. */
function byClass(order: Uint32Array, y: Int32Array | Float32Array, classes: number): Uint32Array[] {
  const rows: number[][] = Array.from({ length: classes }, () => []);
  for (const row of order) rows[y[row]!]!.push(row);
  return rows.map((each) => Uint32Array.from(each));
}

/** Takes the parts off the front of the pools one after the other. */
function draw(pools: readonly Uint32Array[], sizes: Sizes): Split {
  const taken = new Uint32Array(pools.length);
  const take = (count: number): Uint32Array => {
    const shares = apportion(
      count,
      pools.map((pool, i) => pool.length - taken[i]!),
    );
    const out = new Uint32Array(count);
    let at = 0;
    pools.forEach((pool, i) => {
      out.set(pool.subarray(taken[i]!, taken[i]! + shares[i]!), at);
      taken[i] = taken[i]! + shares[i]!;
      at += shares[i]!;
    });
    return out.sort();
  };
  const test = take(sizes.test);
  const validation = take(sizes.validation);
  return { test, validation, train: take(sizes.train) };
}

/**
 * Divides `total` in proportion to `weights`, in whole numbers that sum to it exactly: the method of largest remainders, the
 * earlier one of equals. No share is larger than its weight where the total isn't larger than their sum.
 */
export function apportion(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  if (sum === 0) return weights.map(() => 0);
  // total * weight < 2^53 for all data that fits into memory: whole numbers are exact.
  const shares = weights.map((weight) => Math.floor((total * weight) / sum));
  const remainders = weights.map((weight) => (total * weight) % sum);
  const left = total - shares.reduce((a, b) => a + b, 0);
  const order = weights.map((_, i) => i).sort((a, b) => remainders[b]! - remainders[a]! || a - b);
  for (const i of order.slice(0, left)) shares[i] = shares[i]! + 1;
  return shares;
}

function checkClasses(pools: readonly Uint32Array[], classes: readonly string[], sizes: Sizes): void {
  const parts = Object.values(sizes).filter((size) => size > 0).length;
  const small = pools.findIndex((pool) => pool.length > 0 && pool.length < parts);
  if (small < 0) return;
  const { length } = pools[small]!;
  throw dataError(
    'class-too-small',
    `class ${classes[small]} has ${length} example${length === 1 ? '' : 's'}; a stratified split into ${parts} parts needs ${parts}`,
    { path: ['data', 'split'], help: 'split: { stratify: false }, or add examples of that class' },
  );
}
