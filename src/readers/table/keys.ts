import { configError, dataError } from '../../errors.ts';
import type { TableRequest } from '../source-context.ts';
import type { TableColumn } from './column-kinds.ts';
import type { Database } from './duckdb.ts';
import { nearest } from './nearest.ts';
import { identifier, literal } from './sql-text.ts';

/** Names of parts in a column of a fixed split. */
const PARTS: Readonly<Record<string, number>> = { train: 0, validation: 1, valid: 1, val: 1, test: 2 };

/**
 * SQL for the key of a split, as a double: the number of the group, the time, a hash in [0, 1), or the part.
 * @throws MlxError `no-such-column`, `split-key`
 */
export async function keyColumn(
  database: Database,
  columns: readonly TableColumn[],
  { use, column }: NonNullable<TableRequest['key']>,
  seed: number,
): Promise<string> {
  if (column === null)
    return hashed(
      columns.map(({ name }) => name),
      seed,
    );
  const found = columns.find(({ name }) => name === column);
  const at = { path: ['data', 'split', 'column'] };
  if (!found)
    throw configError('no-such-column', `there is no column \`${column}\``, {
      ...at,
      help: nearest(
        column,
        columns.map(({ name }) => name),
      ),
    });
  const c = identifier(column);
  const [row] = await database.rows(`SELECT count(*), min(__row) FROM t WHERE ${c} IS NULL`);
  const [missing, first] = row!.map(Number) as [number, number];
  if (missing > 0)
    throw dataError(
      'split-key',
      `row ${first + 1}: \`${column}\`, which the split goes by, has no value (${missing} rows)`,
      {
        ...at,
        help: `add \`- drop_missing: { columns: [${column}] }\` to data.rows`,
      },
    );
  if (use === 'hash') return hashed([column], seed);
  // Numbered by value, so that the order of rows doesn't matter.
  if (use === 'group') return `(dense_rank() OVER (ORDER BY ${c}::VARCHAR) - 1)::DOUBLE`;
  if (use === 'time') {
    if (found.kind === 'number') return `${c}::DOUBLE`;
    if (found.kind === 'date') return `epoch(${c})::DOUBLE`;
    throw dataError('split-key', `\`${column}\` is no time: it is a ${found.kind}`, {
      ...at,
      help: `name a column of dates or numbers, or derive one: \`strptime(${column}, '%d.%m.%Y')\``,
    });
  }
  const names = (await database.rows(`SELECT ${c}::VARCHAR, min(__row) FROM t GROUP BY 1 ORDER BY 2`)).map(
    ([name, row]) => ({ name: String(name), row: Number(row) }),
  );
  const wrong = names.find(({ name }) => !Object.hasOwn(PARTS, name.toLowerCase()));
  if (wrong)
    throw dataError(
      'split-key',
      `row ${wrong.row + 1}: \`${column}\` is ${JSON.stringify(wrong.name)}; expected train, validation or test`,
      {
        ...at,
        help: 'derive a column with these values in data.rows',
      },
    );
  const cases = names.map(({ name }) => `WHEN ${literal(name)} THEN ${PARTS[name.toLowerCase()]}`);
  return `(CASE ${c}::VARCHAR ${cases.join(' ')} END)::DOUBLE`;
}

/**
 * 52 bits of MD5 over the seed and the values, so that rows that are added later change nothing for the
 * others.
 */
function hashed(names: readonly string[], seed: number): string {
  const values = names.map((name) => `coalesce(${identifier(name)}::VARCHAR, chr(1)) || chr(0)`);
  return `(('0x' || substr(md5('${seed}:' || ${values.join(' || ')}), 1, 13))::UBIGINT::DOUBLE / 4503599627370496)`;
}
