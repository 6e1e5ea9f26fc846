import { configError, dataError } from '../../../errors.ts';
import type { ColumnKind } from '../source.ts';
import { type Database, identifier, literal } from './duckdb.ts';
import { nearest } from './nearest.ts';

/** A column of the table `t`: what DuckDB holds, and what it means. */
export interface TableColumn {
  readonly name: string;
  readonly type: string;
  readonly kind: ColumnKind;
}

/** Texts that a kind is cast from. `\d` alone: 1_000 and 0x10 are no numbers here. */
const NUMBER = '^\\s*[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?\\s*$';
/** 02134: a code, whose zeros count. */
const CODE = '^0\\d+$';
const DATE = '^\\d{4}-\\d{2}-\\d{2}([T ].*)?$';
const BINARY = "('true', 'false')";
const YES = "('true', 'yes', 't', 'y', '1')";
const NO = "('false', 'no', 'f', 'n', '0')";

/** Words a value in the mean, or different values, that make a column text and not category. */
const TEXT_WORDS = 4;
const MOST_LEVELS = 1000;

const NUMBERS = /^(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT|U\w+INT\w*|UINTEGER|FLOAT|DOUBLE|DECIMAL.*)$/;
const DATES = /^(DATE|TIMESTAMP.*)$/;

/** What a cast to the kind is; NULL where a value isn't of that kind. */
const CASTS: Readonly<Record<ColumnKind, (c: string) => string>> = {
  number: (c) =>
    `CASE WHEN regexp_full_match(${c}, ${literal(NUMBER)}) THEN TRY_CAST(trim(${c}) AS DOUBLE) END`,
  date: (c) => `TRY_CAST(trim(${c}) AS TIMESTAMP)`,
  binary: (c) =>
    `CASE WHEN lower(trim(${c})) IN ${YES} THEN true WHEN lower(trim(${c})) IN ${NO} THEN false END`,
  category: (c) => c,
  text: (c) => c,
};
const EXPECTED: Readonly<Record<ColumnKind, string>> = {
  number: 'a number',
  date: 'a date such as 2024-05-31',
  binary: 'true or false, yes or no, 1 or 0',
  category: 'a text',
  text: 'a text',
};

/**
 * Gives every column of `t` a type that expressions can compute with: texts that are numbers, dates or true/false all through
 * become that, unless `given` says otherwise; texts that mean "missing" become NULL.
 * @throws MlxError `no-such-column`, `wrong-type` with the row and the value
 */
export async function typeColumns(
  database: Database,
  given: Readonly<Record<string, ColumnKind>>,
  missing: readonly string[],
): Promise<TableColumn[]> {
  const described = await database.rows('DESCRIBE t');
  const all = described.map((row) => ({ name: String(row[0]), type: String(row[1]) }));
  const columns = all.filter(({ name }) => name !== '__row');
  const names = columns.map(({ name }) => name);
  for (const name of Object.keys(given))
    if (!names.includes(name))
      throw configError('no-such-column', `there is no column \`${name}\``, {
        path: ['data', 'columns', name],
        help: nearest(name, names),
      });
  const out: TableColumn[] = [];
  const casts: string[] = [];
  for (const { name, type } of columns) {
    const wanted = Object.hasOwn(given, name) ? given[name]! : undefined;
    const text = type === 'VARCHAR' || type.startsWith('ENUM') || type === 'UUID' || type === 'JSON';
    if (!text) {
      const kind = wanted ?? kindOf(type);
      casts.push(fromTyped(name, type, kind));
      out.push({ name, type, kind });
      continue;
    }
    const value = cleaned(
      type === 'JSON' ? `json_extract_string(${identifier(name)}, '$')` : `${identifier(name)}::VARCHAR`,
      missing,
    );
    const kind = wanted ?? (await inferred(database, value));
    if (wanted) await mustCast(database, name, value, kind);
    casts.push(`${CASTS[kind](value)} AS ${identifier(name)}`);
    out.push({ name, type, kind });
  }
  await database.run(`CREATE TABLE typed AS SELECT ${casts.join(', ')}, __row FROM t ORDER BY __row`);
  await database.run('DROP TABLE t');
  await database.run('ALTER TABLE typed RENAME TO t');
  return out;
}

/** The text without the markers of missing values. */
function cleaned(text: string, missing: readonly string[]): string {
  return missing.length > 0
    ? `(CASE WHEN ${text} IN (${missing.map(literal).join(', ')}) THEN NULL ELSE ${text} END)`
    : `(${text})`;
}

/** Kind of a column by its type in the database, after `rows` as well. */
export function kindOf(type: string): ColumnKind {
  if (type === 'BOOLEAN') return 'binary';
  if (NUMBERS.test(type)) return 'number';
  return DATES.test(type) ? 'date' : 'category';
}

/** A column that already has a type, as the kind that was asked for. */
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

async function inferred(database: Database, value: string): Promise<ColumnKind> {
  const [row] = await database.rows(
    `WITH v AS (SELECT ${value} AS v FROM t) SELECT count(v),
      count(*) FILTER (WHERE regexp_full_match(v, ${literal(NUMBER)}) AND TRY_CAST(trim(v) AS DOUBLE) IS NOT NULL),
      count(*) FILTER (WHERE regexp_full_match(v, ${literal(CODE)})),
      count(*) FILTER (WHERE regexp_full_match(v, ${literal(DATE)}) AND TRY_CAST(trim(v) AS TIMESTAMP) IS NOT NULL),
      count(*) FILTER (WHERE lower(v) IN ${BINARY}),
      count(DISTINCT v), avg(length(v) - length(replace(v, ' ', ''))) FROM v`,
  );
  const [values, numbers, codes, dates, binaries, levels, spaces] = row!.map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (values === 0) return 'category';
  if (numbers === values && codes === 0) return 'number';
  if (dates === values) return 'date';
  if (binaries === values) return 'binary';
  const wordy = spaces + 1 >= TEXT_WORDS && levels > 20;
  return wordy || levels > MOST_LEVELS ? 'text' : 'category';
}

async function mustCast(database: Database, name: string, value: string, kind: ColumnKind): Promise<void> {
  const wrong = await database.rows(
    `SELECT __row, ${value} FROM t WHERE ${value} IS NOT NULL AND (${CASTS[kind](value)}) IS NULL ORDER BY __row LIMIT 1`,
  );
  if (!wrong[0]) return;
  const found = JSON.stringify(String(wrong[0][1]).slice(0, 60));
  throw dataError(
    'wrong-type',
    `row ${Number(wrong[0][0]) + 1}: \`${name}\` is ${found}; expected ${EXPECTED[kind]}`,
    {
      path: ['data', 'columns', name],
      help: 'correct the row, add the text to `missing` of the source, or choose another kind',
    },
  );
}
