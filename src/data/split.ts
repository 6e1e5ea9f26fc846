import { shuffled, streamKey } from '../base/random.ts';
import { classesOf } from '../catalog/tasks/index.ts';
import type { SplitConfig } from '../config/config.ts';
import { dataError } from '../errors.ts';
import type { RawData, Targets } from '../readers/raw-data.ts';
import { splitByFolds } from './k-fold.ts';
import { splitByKey } from './split-by-key.ts';
import { PART, rowsOfParts, type Split } from './split-rows.ts';
import { type Sizes, splitSizes } from './split-sizes.ts';
import { subsample } from './subsample.ts';

/**
 * Draws the parts from the named stream `split` of the seed: the test part first, then validation, then
 * training. So the test rows stay the same whatever the validation share is.
 * @param trainSeed of the share of the training rows that is taken: runs may differ in it and have all else
 * in common
 * @throws MlxError `split-*`, `class-too-small`
 */
export function splitRows(raw: RawData, split: SplitConfig, seed: number, trainSeed = seed): Split {
  const { train, validation, test } =
    split.type === 'k_fold' ? splitByFolds(raw, split, seed, drawnParts) : drawnParts(raw, split, seed);
  return {
    train: subsample(raw, train, split.subsample, trainSeed),
    validation,
    test: split.score_test ? test : new Uint32Array(new SharedArrayBuffer(0)),
  };
}

function drawnParts(raw: RawData, split: SplitConfig, seed: number): Split {
  if (raw.keys) return splitByKey(raw.keys, split, seed);
  const sizes = splitSizes(split, raw.count, raw.train);
  const classes = split.stratify ? classesOf(raw.target) : undefined;
  // A fixed split draws only from the source's own training part.
  const drawn = split.type === 'random' ? raw.count : raw.train!;
  const pools = new Float64Array(classes?.length ?? 1);
  for (let row = 0; row < drawn; row++) pools[classes ? raw.y[row]! : 0]!++;
  if (classes && split.type === 'random') checkClasses(pools, classes, sizes);
  const parts = new Uint8Array(raw.count).fill(PART.none);
  if (drawn < raw.count) parts.fill(PART.test, drawn);
  const wanted = split.type === 'random' ? sizes : { ...sizes, test: 0 };
  draw(parts, drawn, classes && raw.y, pools, wanted, seed);
  return rowsOfParts(parts);
}

/** Takes the parts from the front of each class's shuffled rows: test, validation, training. */
function draw(
  parts: Uint8Array,
  drawn: number,
  y: Targets | undefined,
  pools: Float64Array,
  sizes: Sizes,
  seed: number,
): void {
  const left = [...pools];
  // For each class: the end of the part in its shuffled rows.
  const ends = (['test', 'validation', 'train'] as const).map((part) => {
    const shares = apportion(sizes[part], left);
    shares.forEach((share, pool) => {
      left[pool] = left[pool]! - share;
    });
    return { code: PART[part], until: left.map((rest, pool) => pools[pool]! - rest) };
  });
  const taken = new Float64Array(pools.length);
  for (const row of order(parts.length, seed)) {
    if (row >= drawn) continue;
    const pool = y ? y[row]! : 0;
    const place = taken[pool]!++;
    const part = ends.find(({ until }) => place < until[pool]!);
    if (part) parts[row] = part.code;
  }
}

function order(count: number, seed: number): Uint32Array {
  const rows = new Uint32Array(count);
  for (let i = 0; i < count; i++) rows[i] = i;
  return shuffled(rows, streamKey(seed, 'split'));
}

/**
 * Divides `total` in proportion to `weights`, in whole numbers that sum to it exactly: the method of largest
 * remainders, the earlier one of equals. No share is larger than its weight where the total isn't larger than
 * their sum.
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

function checkClasses(pools: Float64Array, classes: readonly string[], sizes: Sizes): void {
  const parts = Object.values(sizes).filter((size) => size > 0).length;
  const small = pools.findIndex((length) => length > 0 && length < parts);
  if (small < 0) return;
  const length = pools[small]!;
  throw dataError(
    'class-too-small',
    `class ${classes[small]} has ${length} example${length === 1 ? '' : 's'}; a stratified split into ${parts} parts needs ${parts}`,
    { path: ['data', 'split'], help: 'split: { stratify: false }, or add examples of that class' },
  );
}
