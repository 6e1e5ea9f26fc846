import { type AuditEntry, dropStep, namedLikeKey, type TrainingSample } from './audit.ts';

const LEAST_ROWS = 20;
const NEARLY = 0.95;

/**
 * Columns that name the row: categories of which nearly every one is another; whole numbers that never repeat
 * and either rise from row to row or are called a key. A network learns rows by heart from them. Measured
 * numbers differ from row to row as well and are left alone.
 */
export const identifiers: AuditEntry = {
  name: 'identifiers',
  help: 'columns with another value in nearly every row, which name rows and say nothing about new ones',
  level: 'warn',
  run({ sample }) {
    if (!sample || sample.count < LEAST_ROWS) return [];
    return sample.columns.flatMap((column, j) => {
      const found = uniqueness(sample, j);
      if (!found) return [];
      return [
        {
          message: `\`${column.name}\` looks like an identifier: ${found.distinct} different values in ${found.present} training rows`,
          notes: [
            'a network can learn the training rows by heart from it; new rows have values that it never saw',
          ],
          help: `leave it out: \`${dropStep(column.name)}\` in data.rows`,
          path: ['data', 'source'],
          values: found,
          column: column.name,
        },
      ];
    });
  },
};

function uniqueness({ columns, values }: TrainingSample, j: number) {
  const { kind, name } = columns[j]!;
  const present = values[j]!.filter((value) => !Number.isNaN(value) && !(kind === 'category' && value < 0));
  if (present.length < LEAST_ROWS) return undefined;
  const distinct = new Set(present).size;
  const facts = { distinct, present: present.length };
  if (kind === 'category') return distinct >= NEARLY * present.length ? facts : undefined;
  if (kind !== 'number' || distinct < present.length || !present.every(Number.isInteger)) return undefined;
  const rises = present.every((value, i) => i === 0 || value > present[i - 1]!);
  const falls = present.every((value, i) => i === 0 || value < present[i - 1]!);
  return rises || falls || namedLikeKey(name) ? facts : undefined;
}
