import type { ColumnProfile } from '../table-profile.ts';
import type { TableColumn } from './column-kinds.ts';
import type { Database } from './duckdb.ts';
import { identifier } from './sql-text.ts';

const TOP = 100;

const SINGLE = /\[|STRUCT|MAP|UNION|BLOB|BIT|^TIME$|INTERVAL/;

/** Columns in one query: thousands of small queries would take minutes. */
const AT_ONCE = 50;
const LABELS = 10;

/**
 * Summarizes every column of the table `t`: its kind, missing values, distinct values.
 * @param small it fits into memory: its views are computed once, not for each query
 */
export async function profiles(
  database: Database,
  columns: readonly TableColumn[],
  rows: number,
  small: boolean,
): Promise<ColumnProfile[]> {
  if (small) await database.run('CREATE TABLE looked_at AS SELECT * FROM t');
  const from = small ? 'looked_at' : 't';
  const usable = columns.filter(({ type }) => !SINGLE.test(type));
  const counts = await batched(database, from, columns, 2, ({ name, type }) => {
    const c = identifier(name);
    return [`count(${c})`, SINGLE.test(type) ? 'NULL' : `count(DISTINCT ${c})`];
  });
  const out = new Map<string, ColumnProfile>();
  columns.forEach(({ name, kind }, i) => {
    const [present, distinct] = counts[i]!.map(Number) as [number, number];
    out.set(name, { name, kind, usable: usable.includes(columns[i]!), missing: rows - present, distinct });
  });
  const measured = usable.filter(
    ({ kind, name }) => (kind === 'number' || kind === 'date') && out.get(name)!.distinct > 0,
  );
  for (const [i, row] of (await measures(database, from, measured)).entries()) {
    const [min, max, mean, std] = row.slice(0, 4).map(Number) as [number, number, number, number];
    const [whole, rises, ordered] = row.slice(4).map(Boolean) as [boolean, boolean, boolean];
    const { name } = measured[i]!;
    out.set(name, { ...out.get(name)!, numbers: { min, max, mean, std, whole, rises, ordered } });
  }
  for (const column of usable) {
    const found = out.get(column.name)!;
    if (
      found.distinct === 0 ||
      (column.kind === 'number' && found.distinct > LABELS) ||
      column.kind === 'date'
    )
      continue;
    out.set(column.name, { ...found, top: await mostFrequent(database, from, column) });
  }
  return [...out.values()];
}

type Row = readonly unknown[];

/** Aggregates of every column, `width` of each, in few queries. */
async function batched(
  database: Database,
  from: string,
  columns: readonly TableColumn[],
  width: number,
  aggregates: (column: TableColumn) => readonly string[],
): Promise<Row[]> {
  const out: Row[] = [];
  for (let at = 0; at < columns.length; at += AT_ONCE) {
    const list = columns.slice(at, at + AT_ONCE).flatMap(aggregates);
    const [row] = await database.rows(`SELECT ${list.join(', ')} FROM ${from}`);
    for (let i = 0; i < list.length; i += width) out.push(row!.slice(i, i + width));
  }
  return out;
}

/**
 * Minimum, maximum, mean, standard deviation; whether all are whole, rise from row to row, and never fall.
 */
async function measures(database: Database, from: string, columns: readonly TableColumn[]): Promise<Row[]> {
  const out: Row[] = [];
  for (let at = 0; at < columns.length; at += AT_ONCE) {
    const some = columns.slice(at, at + AT_ONCE);
    const values = some.map(({ name, kind }, i) => {
      const v = kind === 'date' ? `epoch(${identifier(name)})::DOUBLE` : `${identifier(name)}::DOUBLE`;
      return `${v} AS v${i}, lag(${v} IGNORE NULLS) OVER (ORDER BY __row) AS b${i}`;
    });
    const list = some.flatMap((_, i) => [
      `min(v${i})`,
      `max(v${i})`,
      `avg(v${i})`,
      `stddev_pop(v${i})`,
      `bool_and(v${i} = floor(v${i}))`,
      `bool_and(b${i} IS NULL OR v${i} IS NULL OR v${i} > b${i})`,
      `bool_and(b${i} IS NULL OR v${i} IS NULL OR v${i} >= b${i})`,
    ]);
    const [row] = await database.rows(
      `SELECT ${list.join(', ')} FROM (SELECT ${values.join(', ')} FROM ${from})`,
    );
    for (let i = 0; i < list.length; i += 7) out.push(row!.slice(i, i + 7));
  }
  return out;
}

async function mostFrequent(database: Database, from: string, { name, kind }: TableColumn) {
  const c = identifier(name);
  // Whole doubles without `.0`, as in class names.
  const text =
    kind === 'number'
      ? `CASE WHEN ${c} = floor(${c}) THEN ${c}::BIGINT::VARCHAR ELSE ${c}::VARCHAR END`
      : `${c}::VARCHAR`;
  const rows = await database.rows(
    `SELECT ${text}, count(*) AS n FROM ${from} WHERE ${c} IS NOT NULL GROUP BY 1 ORDER BY n DESC, 1 LIMIT ${TOP}`,
  );
  return rows.map(([value, count]) => ({ value: String(value), count: Number(count) }));
}
