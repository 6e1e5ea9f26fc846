import { inOrder } from '../base/order.ts';
import { shuffled, streamKey } from '../base/random.ts';
import type { SplitConfig } from '../config/config.ts';
import { dataError } from '../errors.ts';
import { largest } from './largest-key.ts';
import { byKey, eachKeys, type Keys, keyCount } from './split-keys.ts';
import { PART, rowsOfParts, type Split } from './split-rows.ts';
import { type Sizes, splitSizes } from './split-sizes.ts';

type Part = keyof Split;
const AT = { path: ['data', 'split'] } as const;

/**
 * Parts by a column's value: whole groups, the latest times, shares of a hash, or what the column says.
 * @throws MlxError `split-*`
 */
export function splitByKey(keys: Keys, split: SplitConfig, seed: number): Split {
  const made = rowsOfParts(partsOf(keys, split, seed));
  if (made.train.length === 0)
    throw dataError(
      'split-empty',
      `the ${split.type} split by \`${split.column}\` leaves no row for training`,
      {
        ...AT,
        help: 'lower `test` or `validation`, or split another way',
      },
    );
  return made;
}

function partsOf(keys: Keys, split: SplitConfig, seed: number): Uint8Array {
  if (split.type === 'fixed') return byKey(keys, (key) => key);
  if (split.type === 'hash') return byHash(keys, split);
  const sizes = splitSizes({ ...split, type: 'random' }, keyCount(keys), undefined);
  return split.type === 'time' ? byTime(keys, sizes) : byGroup(keys, sizes, seed);
}

/**
 * Thresholds on a number in [0, 1) that depends only on the row: shares are approximate, and rows never
 * change parts.
 */
function byHash(keys: Keys, { train, validation, test }: SplitConfig): Uint8Array {
  const shares = [train, validation, test].filter((share) => share !== null);
  if (shares.some((share) => share > 1))
    throw dataError('split-hash', 'a hash split takes shares up to 1, not numbers of rows', {
      ...AT,
      help: 'write `test: 0.3`',
    });
  const tested = test ?? 1 - (train ?? 1);
  const validated = validation * (1 - tested);
  const used = train === null ? 1 : Math.min(1, train + tested);
  // Rows beyond the shares belong to no part.
  return byKey(keys, (key) =>
    key < tested
      ? PART.test
      : key < tested + validated
        ? PART.validation
        : key < used
          ? PART.train
          : PART.none,
  );
}

/**
 * The latest rows are for the test, those before them for validation; rows of the same time stay together,
 * with the later ones.
 */
function byTime(keys: Keys, { train, validation, test }: Sizes): Uint8Array {
  const from = (count: number) => (count > 0 ? largest(keys, count) : Number.POSITIVE_INFINITY);
  const testFrom = from(test);
  const validationFrom = Math.min(testFrom, from(test + validation));
  const trainFrom =
    train + validation + test < keyCount(keys) ? from(train + validation + test) : Number.NEGATIVE_INFINITY;
  return byKey(keys, (key) => {
    if (key >= testFrom) return PART.test;
    if (key >= validationFrom && validation > 0) return PART.validation;
    return key >= trainFrom ? PART.train : PART.none;
  });
}

/** Whole groups in random order, each to the current part while that brings it closer to its size. */
function byGroup(keys: Keys, sizes: Sizes, seed: number): Uint8Array {
  let groups = 0;
  eachKeys(keys, (block) => {
    for (const key of block) groups = Math.max(groups, key + 1);
  });
  const counts = new Float64Array(groups);
  eachKeys(keys, (block) => {
    for (const key of block) counts[key] = counts[key]! + 1;
  });
  const order = shuffled(inOrder(groups), streamKey(seed, 'split'));
  const wanted: [Part, number][] = (['test', 'validation'] as const).map((part) => [part, sizes[part]]);
  const needed = wanted.filter(([, size]) => size > 0).length + 1;
  if (groups < needed)
    throw dataError(
      'split-groups',
      `there ${groups === 1 ? 'is 1 group' : `are ${groups} groups`}; a split into ${needed} parts needs ${needed}`,
      {
        ...AT,
        help: 'split another way, or leave out a part',
      },
    );
  const of = new Uint8Array(groups).fill(PART.train);
  let at = 0;
  let partsLeft = needed;
  for (const [part, size] of wanted) {
    if (size === 0) continue;
    partsLeft--;
    let taken = 0;
    // At least one group for this part, and one left for each part that follows.
    while (at < groups - partsLeft) {
      const next = taken + counts[order[at]!]!;
      if (taken > 0 && Math.abs(next - size) > Math.abs(taken - size)) break;
      of[order[at]!] = PART[part];
      taken = next;
      at++;
      if (taken >= size) break;
    }
  }
  const rest = keyCount(keys) - sizes.train - sizes.validation - sizes.test;
  if (rest > 0) {
    let left = rest;
    while (at < groups - 1 && counts[order[at]!]! <= left) {
      left -= counts[order[at]!]!;
      of[order[at++]!] = PART.none;
    }
  }
  return byKey(keys, (key) => of[key]!);
}
