import { dataError } from '../../errors.ts';
import type { TableColumn } from './column-kinds.ts';
import type { Database } from './duckdb.ts';
import { identifier } from './sql-text.ts';

/** @throws MlxError `target-empty` where rows have no value */
export async function presentTarget(
  database: Database,
  { name }: TableColumn,
  missing: number,
  count: number,
  more = '',
): Promise<void> {
  if (missing === 0) return;
  const first = await database.value(`SELECT min(__row) FROM t WHERE ${identifier(name)} IS NULL`);
  throw dataError(
    'target-empty',
    `row ${Number(first) + 1}: the target \`${name}\` has no value (${missing} of ${count} rows)`,
    { path: ['data', 'target'], help: `add \`- drop_missing: { columns: [${name}] }\` to data.rows${more}` },
  );
}
