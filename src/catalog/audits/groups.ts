import { plural } from '../../base/words.ts';
import { type AuditData, type AuditEntry, namedLikeKey, percent, type TrainingSample } from './audit.ts';

const LEAST_GROUPS = 10;
const MOST_ROWS_A_GROUP = 200;
/** People and things that several rows may be of. */
const HOLDERS =
  /(^|[_\W])(patient|subject|person|participant|user|customer|client|member|account|household|family|session|device|sensor|speaker|author|visitor|player|student|group)s?([_\W]?(id|no|nr|number|code|name))?$/i;

/** Whether a column is called like people or things that several rows may be of. */
export const holdsRows = (name: string): boolean => HOLDERS.test(name);

/**
 * A column that numbers groups of rows (patients, users, sessions: told by its name, or by codes such as
 * `P-017`), some of whose groups have rows in training and in another part. A column that the split goes by
 * isn't among the inputs, so it can't be one.
 */
export const groups: AuditEntry = {
  name: 'groups',
  help: 'groups of rows (patients, users, sessions) with rows in training and in another part',
  level: 'warn',
  run(data) {
    const { sample } = data;
    if (!sample) return [];
    return sample.columns.flatMap(({ name }, j) => (isGroup(sample, j) ? overlap(data, name, j) : []));
  },
};

function isGroup({ columns, values, count }: TrainingSample, j: number): boolean {
  const { name, kind, levels = [] } = columns[j]!;
  const present = values[j]!.filter(
    (value) => !Number.isNaN(value) && value >= (kind === 'category' ? 0 : -Infinity),
  );
  const coded = kind === 'category' && levels.filter(isCode).length >= 0.9 * levels.length;
  if (kind !== 'category' && !(kind === 'number' && present.every(Number.isInteger))) return false;
  if (!(coded || namedLikeKey(name) || holdsRows(name))) return false;
  const distinct = new Set(present).size;
  const each = present.length / Math.max(1, distinct);
  return 2 * present.length >= count && distinct >= LEAST_GROUPS && each >= 1.2 && each <= MOST_ROWS_A_GROUP;
}

/** Letters that all share, then digits: `P017`, `subj-3`. */
const isCode = (level: string) => /^[A-Za-z]{1,12}[-_ ]?\d{1,9}$/.test(level);

function overlap({ parts, columns }: AuditData, name: string, j: number) {
  const column = columns![j]!;
  const of = (part: AuditData['parts']['train']) => {
    const row = new Float64Array(columns!.length);
    const rows = new Map<number, number[]>();
    for (let i = 0; i < part.count; i++) {
      part.row(i, row);
      const value = row[j]!;
      if (Number.isNaN(value) || (column.kind === 'category' && value < 0)) continue;
      const list = rows.get(value);
      if (list) list.push(i);
      else rows.set(value, [i]);
    }
    return rows;
  };
  const known = of(parts.train);
  return (['validation', 'test'] as const).flatMap((partName) => {
    const part = parts[partName];
    const shared = [...of(part)].filter(([value]) => known.has(value));
    const rows = shared.reduce((sum, [, list]) => sum + list.length, 0);
    if (rows === 0) return [];
    const [[value, here]] = shared as [[number, number[]]];
    const label = column.levels?.[value] ?? String(value);
    const numbers = (list: readonly number[], ids: Uint32Array) =>
      list
        .slice(0, 3)
        .map((i) => ids[i]! + 1)
        .join(', ');
    return [
      {
        message: `${plural(rows, `${partName} row`)} (${percent(rows / part.count)}) share \`${name}\` with training rows`,
        notes: [
          `${name} ${label}: rows ${numbers(known.get(value)!, parts.train.ids)} in train, ${numbers(here, part.ids)} in ${partName}; scores too good`,
        ],
        help: `split: { type: group, column: ${/^\w+$/.test(name) ? name : JSON.stringify(name)} }`,
        path: ['data', 'split'],
        values: { rows, share: rows / part.count, groups: shared.length },
        column: name,
      },
    ];
  });
}
