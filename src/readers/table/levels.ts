import { byValueThenText } from '../../base/value-order.ts';
import type { TableColumn } from './column-kinds.ts';
import type { Database } from './duckdb.ts';
import { identifier, literal } from './sql-text.ts';

/**
 * The distinct values as texts, numbers first by value, then texts by code unit; and the number of rows
 * without one.
 */
export async function levelsOf(
  database: Database,
  column: TableColumn,
): Promise<{ levels: string[]; missing: number; count: number }> {
  const rows = await database.rows(`SELECT ${asText(column)} AS v, count(*) FROM t GROUP BY 1`);
  const total = (some: typeof rows) => some.reduce((sum, [, n]) => sum + Number(n), 0);
  const absent = rows.filter(([v]) => v === null);
  const levels = rows.filter(([v]) => v !== null).map(([v]) => String(v));
  return { levels: levels.sort(byValueThenText), missing: total(absent), count: total(rows) };
}

/** Whole doubles without `.0`. */
export function asText({ name, kind }: TableColumn): string {
  const c = identifier(name);
  if (kind !== 'number') return `${c}::VARCHAR`;
  return `CASE WHEN ${c} = floor(${c}) AND abs(${c}) < 9e15 THEN ${c}::BIGINT::VARCHAR ELSE ${c}::VARCHAR END`;
}

/** SQL for the index of a value in `levels`; missing stays NULL. */
export async function coded(
  database: Database,
  column: TableColumn,
  levels: readonly string[],
): Promise<string> {
  const type = identifier(`levels of ${column.name}`);
  await database.run(`CREATE TYPE ${type} AS ENUM (${levels.map(literal).join(', ')})`);
  return `enum_code((${asText(column)})::${type})::DOUBLE`;
}
