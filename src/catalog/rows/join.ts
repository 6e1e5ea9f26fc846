import * as z from 'zod';
import { Misfit } from '../../base/misfit.ts';
import type { RowTable, SecondTable } from '../../readers/table/row-step.ts';
import { identifier } from '../../readers/table/sql-text.ts';
import { once } from '../fields.ts';
import { anyTable } from '../table-fields.ts';
import type { RowStepEntry } from './row-step.ts';

interface JoinParams {
  readonly source: SecondTable['source'];
  readonly on: readonly string[] | Readonly<Record<string, string>>;
  readonly type: 'left' | 'inner';
  readonly columns: readonly string[] | null;
  readonly prefix: string;
  readonly many: 'error' | 'allow';
  readonly kinds: SecondTable['kinds'];
}

const name = () => z.string().min(1);
const schema = once(() =>
  z.strictObject({
    source: anyTable().describe('the second table: { type: csv, path: airports.csv }'),
    on: z
      .union([z.array(name()).min(1), z.record(name(), name())])
      .describe('columns that must be equal: [origin], or { origin: iata } where they have two names'),
    type: z
      .enum(['left', 'inner'])
      .default('left')
      .describe('left: rows without a match are kept, with missing values; inner: they are left out'),
    columns: z
      .array(name())
      .min(1)
      .nullable()
      .default(null)
      .describe('columns to take from the second table; all but those of `on` when left out'),
    prefix: z.string().default('').describe('put before the names of the columns that are taken'),
    many: z
      .enum(['error', 'allow'])
      .default('error')
      .describe('where a row has several matches: an error, or a row for each of them'),
    kinds: z
      .record(z.string(), z.enum(['number', 'category', 'binary', 'date', 'text']))
      .default({})
      .describe("kinds of the second table's columns, where the inferred one is wrong"),
  }),
);

const pairsOf = (on: JoinParams['on']): (readonly [string, string])[] =>
  Array.isArray(on) ? on.map((column) => [column, column]) : Object.entries(on);

/** Adds columns of a second table to rows that have equal keys. A missing value equals nothing. */
export const join: RowStepEntry<JoinParams> = {
  name: 'join',
  help: 'columns of a second table, for rows that are equal in some columns',
  whole: true,
  get schema() {
    return schema();
  },
  second: ({ source, kinds, prefix }) => ({ source, kinds, prefix }),
  async sql({ on, type, columns, prefix, many }, table) {
    const pairs = pairsOf(on);
    if (pairs.length === 0)
      throw new Misfit('wrong-value', '`on` names no column', {
        field: 'on',
        help: 'name the columns that must be equal',
      });
    const second = table.second!;
    checkKeys(pairs, table);
    const taken =
      columns ?? second.columns.map((c) => c.name).filter((c) => !pairs.some(([, key]) => key === c));
    second.known(taken, 'columns');
    const added = [...new Set(taken)].map((column) => ({ column, as: prefix + column }));
    checkNames(added, table);
    const equal = pairs.map(([a, b]) => `t.${identifier(a)} = other.${identifier(b)}`).join(' AND ');
    await checkPartners(pairs, equal, many, table);
    const list = added.map(({ column, as }) => `other.${identifier(column)} AS ${identifier(as)}`);
    // Repeated rows get new numbers, in the order of both tables.
    const row =
      many === 'allow' ? '(row_number() OVER (ORDER BY t.__row, other.__row) - 1)::BIGINT' : 't.__row';
    const kept = table.columns.map((c) => `t.${identifier(c)}`);
    return `SELECT ${[...kept, ...list, `${row} AS __row`].join(', ')} FROM t ${type === 'left' ? 'LEFT' : 'INNER'} JOIN other ON ${equal}`;
  },
};

/** Texts compare with texts, numbers with numbers. @throws Misfit `no-such-column`, `join-kinds` */
function checkKeys(pairs: readonly (readonly [string, string])[], table: RowTable): void {
  table.known(pairs.map(([a]) => a));
  table.second!.known(
    pairs.map(([, b]) => b),
    'on',
  );
  const alike = (kind: string) => (kind === 'text' ? 'category' : kind);
  for (const [a, b] of pairs) {
    const [here, there] = [table.kind(a), table.second!.kind(b)];
    if (alike(here) !== alike(there))
      throw new Misfit('join-kinds', `\`${a}\` is ${here}, but \`${b}\` of the second table is ${there}`, {
        field: 'on',
        help: `give one of them the other's kind: \`data.columns: { ${a}: ${there} }\`, or \`kinds: { ${b}: ${here} }\` in the join`,
      });
  }
}

function checkNames(added: readonly { column: string; as: string }[], table: RowTable): void {
  const seen = new Set([...table.columns.map((c) => c.toLowerCase()), '__row']);
  for (const { as } of added) {
    if (seen.has(as.toLowerCase()))
      throw new Misfit('column-name', `both tables have a column \`${as}\``, {
        field: 'columns',
        help: 'set a `prefix`, such as "other_", or name in `columns` the ones to take',
      });
    seen.add(as.toLowerCase());
  }
}

/** @throws Misfit `join-many`, `join-nothing` */
async function checkPartners(
  pairs: readonly (readonly [string, string])[],
  equal: string,
  many: JoinParams['many'],
  table: RowTable,
): Promise<void> {
  const [any] = await table.query(`SELECT 1 FROM t JOIN other ON ${equal} LIMIT 1`);
  if (!any)
    throw new Misfit('join-nothing', 'no row has a partner in the second table', {
      field: 'on',
      help: 'name columns whose values occur in both tables',
    });
  if (many === 'allow') return;
  const names = [...new Set(pairs.map(([, b]) => b))];
  const keys = names.map(identifier).join(', ');
  const twice = `SELECT ${keys}, count(*) AS n FROM other GROUP BY ${keys} HAVING n > 1`;
  const asked = pairs.map(([a, b]) => `t.${identifier(a)} = twice.${identifier(b)}`).join(' AND ');
  const found = `SELECT twice.* FROM (${twice}) AS twice WHERE EXISTS (SELECT 1 FROM t WHERE ${asked})`;
  const [row] = await table.query(
    `SELECT *, count(*) OVER () FROM (${found}) ORDER BY n DESC, ${keys} LIMIT 1`,
  );
  if (!row) return;
  const [times, keyCount] = row.slice(-2).map(Number) as [number, number];
  const example = names.map((b, i) => `${b} ${String(row[i])}`).join(', ');
  throw new Misfit(
    'join-many',
    `${keyCount === 1 ? 'a key occurs' : `${keyCount} keys occur`} more than once in the second table, e.g. ${example} ${times} times: rows would be repeated`,
    {
      field: 'on',
      help: 'name more columns in `on`, or leave one row a key in the file; `many: allow` repeats rows, which then need `split: { type: group }`',
    },
  );
}
