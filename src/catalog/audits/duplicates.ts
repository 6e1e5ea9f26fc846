import { plural } from '../../base/words.ts';
import type { Found } from '../../protocol/audit-result.ts';
import { type AuditData, type AuditEntry, percent } from './audit.ts';
import { find, hashesBelow } from './hash.ts';

/**
 * Rows of validation or test whose inputs equal those of a training row, value by value. Where a table is so
 * coarse that chance alone makes equal rows (few columns with few values: then most training rows have a twin
 * among themselves), nothing is said.
 */
export const duplicates: AuditEntry = {
  name: 'duplicates',
  help: 'rows of validation or test that equal a training row',
  level: 'warn',
  run(data) {
    const { train, validation, test } = data.parts;
    if (train.count === 0 || validation.count + test.count === 0) return [];
    const share = Math.min(1, MOST_HASHES / (train.count + validation.count + test.count));
    const known = hashesBelow(train, share);
    const sorted = known.hashes.slice().sort();
    if (isCoarse(data, sorted)) return [];
    const first = firstRows(known.hashes);
    return (['validation', 'test'] as const).flatMap((name) => {
      const part = data.parts[name];
      const { hashes, at } = hashesBelow(part, share);
      const twins = [...hashes.keys()].filter((i) => find(sorted, hashes[i]!) >= 0);
      if (twins.length === 0) return [];
      const twinOf = (i: number) => known.at[first.get(hashes[i]!)!]!;
      const pairs = twins
        .slice(0, 3)
        .map(
          (i) => `row ${part.ids[at[i]!]! + 1} of ${name} equals row ${train.ids[twinOf(i)]! + 1} of train`,
        );
      const other = twins.filter((i) => train.labels[twinOf(i)] !== part.labels[at[i]!]).length;
      return [found(name, { twins: twins.length, of: part.count, other, share, pairs }, data)];
    });
  },
};

/** Hashes that are compared: of larger tables those of a sample that has equal rows together. */
const MOST_HASHES = 2 ** 20;

/** Place of the first of equal hashes. */
function firstRows(hashes: Float64Array): Map<number, number> {
  const out = new Map<number, number>();
  for (let i = 0; i < hashes.length; i++) if (!out.has(hashes[i]!)) out.set(hashes[i]!, i);
  return out;
}

interface Twins {
  readonly twins: number;
  /** Rows of the part. */
  readonly of: number;
  /** Twins whose target is another. */
  readonly other: number;
  /** Share of the rows that was looked at. */
  readonly share: number;
  readonly pairs: readonly string[];
}

function found(name: string, { twins, of, other, share, pairs }: Twins, { columns }: AuditData): Found {
  // Where a sample was looked at these are estimates.
  const rows = Math.min(of, Math.round(twins / share));
  const others = Math.min(rows, Math.round(other / share));
  return {
    message: `${share < 1 ? 'about ' : ''}${rows} of ${plural(of, `${name} row`)} (${percent(rows / of)}) equal a training row: ${name === 'test' ? 'test scores' : 'validation scores'} are too good`,
    notes: [
      ...pairs,
      ...(others > 0
        ? [`${others} of these ${others === 1 ? 'has' : 'have'} another target than the twin`]
        : []),
    ],
    help: columns
      ? 'add `- drop_duplicates` to data.rows, or split by a group that keeps twins together'
      : 'remove one of each pair from the files',
    path: ['data', 'split'],
    values: { rows, share: rows / of, other_target: others },
  };
}

/**
 * Half of the training rows or more have a twin, and independent columns of that coarseness would make some
 * as well.
 */
function isCoarse({ columns, sample, parts }: AuditData, sorted: Float64Array): boolean {
  if (!columns || !sample) return false;
  let distinct = 0;
  for (let i = 0; i < sorted.length; i++) if (i === 0 || sorted[i] !== sorted[i - 1]) distinct++;
  if (2 * distinct > sorted.length) return false;
  const { count } = parts.train;
  const chance = sample.values.reduce((product, values) => product * collision(values), 1);
  return (chance * count * (count - 1)) / 2 >= 1;
}

/** Probability that two rows have the same value. */
function collision(values: Float64Array): number {
  const sorted = values.map((v) => (Number.isNaN(v) ? Number.POSITIVE_INFINITY : v)).sort();
  let pairs = 0;
  for (let from = 0; from < sorted.length; ) {
    let to = from;
    while (to < sorted.length && sorted[to] === sorted[from]) to++;
    pairs += (to - from) * (to - from - 1);
    from = to;
  }
  return pairs / Math.max(1, sorted.length * (sorted.length - 1));
}
