import { configError } from '../../errors.ts';
import type { ColumnKind } from '../raw-data.ts';
import { CASTS, mustCast } from './cast-texts.ts';
import type { Database } from './duckdb.ts';
import { inferKinds } from './infer-kinds.ts';
import { nearest } from './nearest.ts';
import { identifier, literal } from './sql-text.ts';

/** A column of the table: what DuckDB holds, and what it means. */
export interface TableColumn {
  readonly name: string;
  readonly type: string;
  readonly kind: ColumnKind;
}

const NUMBERS = /^(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT|U\w+INT\w*|UINTEGER|FLOAT|DOUBLE|DECIMAL.*)$/;
const DATES = /^(DATE|TIMESTAMP.*)$/;

/**
 * Makes the relation `<prefix>s1` from `<prefix>s0`. In it every column has a type that expressions can
 * compute with: columns whose texts are all numbers, dates or true/false get that type, unless `given` says
 * otherwise; texts that mean "missing" become NULL.
 * @param small the rows fit into memory: the relation is a table instead of a view, which would be computed
 * with each use
 * @throws MlxError `no-such-column`, `wrong-type` with the row and the value
 */
export async function typeColumns(
  database: Database,
  given: Readonly<Record<string, ColumnKind>>,
  missing: readonly string[],
  small: boolean,
  prefix = '',
): Promise<TableColumn[]> {
  const from = `${prefix}s0`;
  const described = await database.rows(`DESCRIBE ${from}`);
  const all = described.map((row) => ({ name: String(row[0]), type: String(row[1]) }));
  const columns = all.filter(({ name }) => name !== '__row');
  const names = columns.map(({ name }) => name);
  for (const name of Object.keys(given))
    if (!names.includes(name))
      throw configError('no-such-column', `there is no column \`${name}\``, {
        path: ['data', 'columns', name],
        help: nearest(name, names),
      });
  const wantedOf = (name: string) => (Object.hasOwn(given, name) ? given[name]! : undefined);
  const texts = columns
    .filter(({ type }) => type === 'VARCHAR' || type.startsWith('ENUM') || type === 'UUID' || type === 'JSON')
    .map(({ name, type }) => {
      const c = identifier(name);
      const text = type === 'JSON' ? `json_extract_string(${c}, '$')` : `${c}::VARCHAR`;
      return { name, value: cleaned(text, missing) };
    });
  const textOf = new Map(texts.map(({ name, value }) => [name, value]));
  const found = await inferKinds(
    database,
    texts.filter(({ name }) => wantedOf(name) === undefined),
    from,
  );
  const out: TableColumn[] = [];
  const casts: string[] = [];
  for (const { name, type } of columns) {
    const wanted = wantedOf(name);
    const value = textOf.get(name);
    if (value === undefined) {
      const kind = wanted ?? kindOf(type);
      casts.push(fromTyped(name, type, kind));
      out.push({ name, type, kind });
      continue;
    }
    const kind = wanted ?? found.get(name)!;
    if (wanted) await mustCast(database, from, name, value, kind);
    casts.push(`${CASTS[kind](identifier(name))} AS ${identifier(name)}`);
    out.push({ name, type, kind });
  }
  // Texts that mean "missing" are replaced in a subquery, since casts read their text several times.
  const cleaner = columns.map(({ name }) => {
    const value = textOf.get(name);
    return value === undefined ? identifier(name) : `${value} AS ${identifier(name)}`;
  });
  const plain = texts.length > 0 ? `(SELECT ${[...cleaner, '__row'].join(', ')} FROM ${from})` : from;
  const made = `CREATE ${small ? 'TABLE' : 'VIEW'} ${prefix}s1`;
  await database.run(`${made} AS SELECT ${[...casts, '__row'].join(', ')} FROM ${plain}`);
  return out;
}

/** The text without the markers of missing values. */
function cleaned(text: string, missing: readonly string[]): string {
  return missing.length > 0
    ? // A list instead of IN, which takes ten times as long, and a vector of memory for each marker and column.
      `(CASE WHEN list_contains([${missing.map(literal).join(', ')}], ${text}) THEN NULL ELSE ${text} END)`
    : `(${text})`;
}

/** The kind of a column by its type in the database. */
export function kindOf(type: string): ColumnKind {
  if (type === 'BOOLEAN') return 'binary';
  if (NUMBERS.test(type)) return 'number';
  return DATES.test(type) ? 'date' : 'category';
}

/** SQL that reads a typed column as the kind asked for. @throws MlxError `wrong-type` */
function fromTyped(name: string, type: string, kind: ColumnKind): string {
  const c = identifier(name);
  if (kind === 'category' || kind === 'text') return `${c}::VARCHAR AS ${c}`;
  if (kind === kindOf(type)) return c;
  if (kind === 'binary' && kindOf(type) === 'number') return `(${c} <> 0) AS ${c}`;
  if (kind === 'number' && kindOf(type) === 'binary') return `${c}::DOUBLE AS ${c}`;
  if (kind === 'number' && kindOf(type) === 'date') return `(epoch(${c}) / 86400) AS ${c}`;
  throw configError('wrong-type', `the column \`${name}\` is ${type}; it can't be read as ${kind}`, {
    path: ['data', 'columns', name],
    help: 'choose another kind, or derive a column from it',
  });
}
