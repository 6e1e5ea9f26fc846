import { type AuditData, type AuditEntry, type Found, percent, plural } from './audit.ts';
import { find, rowHashes } from './hash.ts';

/**
 * Rows of validation or test whose inputs equal those of a training row, value by value. Where a table is so coarse that chance alone
 * makes equal rows (few columns with few values: then most training rows have a twin among themselves), nothing is said.
 */
export const duplicates: AuditEntry = {
  name: 'duplicates',
  help: 'rows of validation or test that equal a training row',
  level: 'warn',
  run(data) {
    const { train, validation, test } = data.parts;
    if (train.count === 0 || validation.count + test.count === 0) return [];
    const known = rowHashes(train);
    const sorted = known.slice().sort();
    if (isCoarse(data, sorted)) return [];
    return (['validation', 'test'] as const).flatMap((name) => {
      const part = data.parts[name];
      const hashes = rowHashes(part);
      const twins = [...hashes.keys()].filter((i) => find(sorted, hashes[i]!) >= 0);
      if (twins.length === 0) return [];
      const shown = twins.slice(0, 3).map((i) => [i, known.indexOf(hashes[i]!)] as const);
      const pairs = shown.map(
        ([i, j]) => `row ${part.ids[i]! + 1} of ${name} equals row ${train.ids[j]! + 1} of train`,
      );
      const first = firstLabels(known, train.labels);
      const other = twins.filter((i) => first.get(hashes[i]!) !== part.labels[i]).length;
      return [found(name, twins.length, part.count, other, pairs, data)];
    });
  },
};

function firstLabels(hashes: Float64Array, labels: ArrayLike<number>): Map<number, number> {
  const out = new Map<number, number>();
  // Maps hold at most 2^24 keys; beyond that, further labels aren't compared.
  for (let i = 0; i < hashes.length && out.size < 2 ** 23; i++)
    if (!out.has(hashes[i]!)) out.set(hashes[i]!, labels[i]!);
  return out;
}

function found(
  name: string,
  twins: number,
  of: number,
  other: number,
  pairs: readonly string[],
  { columns }: AuditData,
): Found {
  return {
    message: `${twins} of ${plural(of, `${name} row`)} (${percent(twins / of)}) equal a training row: ${name === 'test' ? 'test scores' : 'validation scores'} are too good`,
    notes: [
      ...pairs,
      ...(other > 0
        ? [`${other} of these ${other === 1 ? 'has' : 'have'} another target than the twin`]
        : []),
    ],
    help: columns
      ? 'add `- drop_duplicates` to data.rows, or split by a group that keeps twins together'
      : 'remove one of each pair from the files',
    path: ['data', 'split'],
    values: { rows: twins, share: twins / of, other_target: other },
  };
}

/** Half of the training rows or more have a twin, and independent columns of that coarseness would make some as well. */
function isCoarse({ columns, sample }: AuditData, sorted: Float64Array): boolean {
  if (!columns || !sample) return false;
  let distinct = 0;
  for (let i = 0; i < sorted.length; i++) if (i === 0 || sorted[i] !== sorted[i - 1]) distinct++;
  if (2 * distinct > sorted.length) return false;
  const chance = sample.values.reduce((product, values) => product * collision(values), 1);
  return (chance * sorted.length * (sorted.length - 1)) / 2 >= 1;
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
