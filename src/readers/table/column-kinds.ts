import { configError, dataError } from '../../errors.ts';
import type { ColumnKind } from '../raw-data.ts';
import type { Database } from './duckdb.ts';
import { nearest } from './nearest.ts';
import { identifier, literal } from './sql-text.ts';

/** A column of the table: what DuckDB holds, and what it means. */
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
 * Makes the relation `<prefix>s1` of `<prefix>s0`, in which every column has a type that expressions can compute with: texts that are numbers, dates
 * or true/false all through become that, unless `given` says otherwise; texts that mean "missing" become NULL.
 * @param small they fit into memory: the relation is a table and not a view, whose every use takes as long as it has columns
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
  // What stands for "missing" is looked for once, however often a cast reads its text.
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
    ? // A list and not IN, which takes ten times as long, and the memory of a vector for each marker and column.
      `(CASE WHEN list_contains([${missing.map(literal).join(', ')}], ${text}) THEN NULL ELSE ${text} END)`
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

interface TextColumn {
  readonly name: string;
  /** SQL of the text, NULL where it means "missing". */
  readonly value: string;
}

/** Texts of a kind, all through. */
const TESTS: readonly (readonly [ColumnKind, (v: string) => string])[] = [
  [
    'number',
    (v) =>
      `regexp_full_match(${v}, ${literal(NUMBER)}) AND TRY_CAST(trim(${v}) AS DOUBLE) IS NOT NULL AND NOT regexp_full_match(${v}, ${literal(CODE)})`,
  ],
  [
    'date',
    (v) => `regexp_full_match(${v}, ${literal(DATE)}) AND TRY_CAST(trim(${v}) AS TIMESTAMP) IS NOT NULL`,
  ],
  ['binary', (v) => `lower(${v}) IN ${BINARY}`],
];
/** Rows that tell which kind a column may have, before all rows are asked about that one. */
const FIRST_ROWS = 2048;

/** What each column of texts is. */
async function inferKinds(
  database: Database,
  columns: readonly TextColumn[],
  from: string,
): Promise<ReadonlyMap<string, ColumnKind>> {
  const kinds = new Map<string, ColumnKind>();
  const every = columns.map((column) => ({ ...column, maybe: TESTS.map(([kind]) => kind) }));
  const likely = await fitting(database, every, `(SELECT * FROM ${from} LIMIT ${FIRST_ROWS})`);
  const sure = await fitting(database, likely, from);
  for (const { name, value, maybe } of sure)
    kinds.set(name, maybe[0] ?? (await wordsOrLevels(database, from, value)));
  return kinds;
}

/** Columns asked about in one query, whose time grows with the square of its length. */
const AT_ONCE = 25;

/** Leaves in `maybe` the kinds that all values of a column are; a column without values stays as it is. */
async function fitting<T extends TextColumn & { readonly maybe: readonly ColumnKind[] }>(
  database: Database,
  columns: readonly T[],
  from: string,
): Promise<T[]> {
  const out: T[] = [];
  for (let start = 0; start < columns.length; start += AT_ONCE) {
    const some = columns.slice(start, start + AT_ONCE);
    const asked = some.flatMap(({ maybe }, i) =>
      maybe.map((kind) => {
        const [, test] = TESTS.find(([name]) => name === kind)!;
        return `bool_and(${test(`v${i}`)}) FILTER (WHERE v${i} IS NOT NULL)`;
      }),
    );
    const values = some.map(({ value }, i) => `${value} AS v${i}`);
    const [row] =
      asked.length > 0
        ? await database.rows(`SELECT ${asked.join(', ')} FROM (SELECT ${values.join(', ')} FROM ${from})`)
        : [[]];
    let at = 0;
    for (const column of some)
      out.push({ ...column, maybe: column.maybe.filter(() => row![at++] !== false) });
  }
  return out;
}

/** Few different values are levels of a category; many words, or very many different values, are text. */
async function wordsOrLevels(database: Database, from: string, value: string): Promise<ColumnKind> {
  const [row] = await database.rows(
    `WITH v AS (SELECT ${value} AS v, count(*) AS n FROM ${from} GROUP BY 1)
      SELECT count(v), sum(n * (length(v) - length(replace(v, ' ', '')))) / sum(n) FROM v WHERE v IS NOT NULL`,
  );
  const [levels, spaces] = row!.map(Number) as [number, number];
  const wordy = spaces + 1 >= TEXT_WORDS && levels > 20;
  return wordy || levels > MOST_LEVELS ? 'text' : 'category';
}

async function mustCast(
  database: Database,
  from: string,
  name: string,
  value: string,
  kind: ColumnKind,
): Promise<void> {
  const wrong = await database.rows(
    `SELECT __row, ${value} FROM ${from} WHERE ${value} IS NOT NULL AND (${CASTS[kind](value)}) IS NULL ORDER BY __row LIMIT 1`,
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
