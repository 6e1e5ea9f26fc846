import { shuffled, streamKey } from '../catalog/random.ts';
import type { SplitConfig } from '../config/config.ts';
import { dataError } from '../errors.ts';
import type { Split } from './split.ts';
import { type Sizes, splitSizes } from './split-sizes.ts';

type Part = keyof Split;
const AT = { path: ['data', 'split'] } as const;

/**
 * Parts by a column's value: whole groups, the latest times, shares of a hash, or what the column says.
 * @throws MlxError `split-*`
 */
export function splitByKey(keys: Float64Array, split: SplitConfig, seed: number): Split {
  const parts = partsOf(keys, split, seed);
  const rows = (part: Part) =>
    Uint32Array.from(Array.from(parts.keys()).filter((row) => parts[row] === CODES[part]));
  const made = { train: rows('train'), validation: rows('validation'), test: rows('test') };
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

const CODES: Readonly<Record<Part, number>> = { train: 0, validation: 1, test: 2 };

function partsOf(keys: Float64Array, split: SplitConfig, seed: number): Uint8Array {
  if (split.type === 'fixed') return Uint8Array.from(keys);
  if (split.type === 'hash') return byHash(keys, split);
  const sizes = splitSizes({ ...split, type: 'random' }, keys.length, undefined);
  return split.type === 'time' ? byTime(keys, sizes) : byGroup(keys, sizes, seed);
}

/** Thresholds on a number in [0, 1) that depends on the row alone: shares come out about right, and rows never move. */
function byHash(keys: Float64Array, { train, validation, test }: SplitConfig): Uint8Array {
  const shares = [train, validation, test].filter((share) => share !== null);
  if (shares.some((share) => share > 1))
    throw dataError('split-hash', 'a hash split takes shares up to 1, not numbers of rows', {
      ...AT,
      help: 'write `test: 0.3`',
    });
  const tested = test ?? 1 - (train ?? 1);
  const validated = validation * (1 - tested);
  const used = train === null ? 1 : Math.min(1, train + tested);
  // What the shares leave out is of no part.
  return Uint8Array.from(keys, (key) =>
    key < tested ? CODES.test : key < tested + validated ? CODES.validation : key < used ? CODES.train : 3,
  );
}

/** The latest rows are for the test, those before them for validation; rows of the same time stay together, with the later ones. */
function byTime(keys: Float64Array, { train, validation, test }: Sizes): Uint8Array {
  const sorted = keys.slice().sort();
  const from = (count: number) => (count > 0 ? sorted[sorted.length - count]! : Number.POSITIVE_INFINITY);
  const testFrom = from(test);
  const validationFrom = Math.min(testFrom, from(test + validation));
  const trainFrom = train + validation + test < keys.length ? from(train + validation + test) : sorted[0]!;
  return Uint8Array.from(keys, (key) =>
    key >= testFrom
      ? CODES.test
      : key >= validationFrom && validation > 0
        ? CODES.validation
        : key >= trainFrom
          ? CODES.train
          : 3,
  );
}

/** Whole groups in a drawn order, each to a part while that comes closer to the size it should have. */
function byGroup(keys: Float64Array, sizes: Sizes, seed: number): Uint8Array {
  const groups = keys.reduce((most, key) => Math.max(most, key), -1) + 1;
  const counts = new Float64Array(groups);
  for (const key of keys) counts[key] = counts[key]! + 1;
  const order = shuffled(
    Uint32Array.from({ length: groups }, (_, i) => i),
    streamKey(seed, 'split'),
  );
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
  const of = new Uint8Array(groups).fill(CODES.train);
  let at = 0;
  let partsLeft = needed;
  for (const [part, size] of wanted) {
    if (size === 0) continue;
    partsLeft--;
    let taken = 0;
    // At least one group a part, and one left for each of those that follow.
    while (at < groups - partsLeft) {
      const next = taken + counts[order[at]!]!;
      if (taken > 0 && Math.abs(next - size) > Math.abs(taken - size)) break;
      of[order[at]!] = CODES[part];
      taken = next;
      at++;
      if (taken >= size) break;
    }
  }
  const rest = keys.length - sizes.train - sizes.validation - sizes.test;
  if (rest > 0) {
    let left = rest;
    while (at < groups - 1 && counts[order[at]!]! <= left) {
      left -= counts[order[at]!]!;
      of[order[at++]!] = 3;
    }
  }
  return Uint8Array.from(keys, (key) => of[key]!);
}
