import type { ColumnKind } from '../raw-data.ts';
import { NUMBER } from './cast-texts.ts';
import type { Database } from './duckdb.ts';
import { literal } from './sql-text.ts';

/** 02134: a code, in which the zero matters. */
const CODE = '^0\\d+$';
const DATE = '^\\d{4}-\\d{2}-\\d{2}([T ].*)?$';
const BINARY = "('true', 'false')";

/** Mean number of words, and number of distinct values, from which a column is text and not category. */
const TEXT_WORDS = 4;
const MOST_LEVELS = 1000;

export interface TextColumn {
  readonly name: string;
  /** SQL of the text, NULL where it means "missing". */
  readonly value: string;
}

/** SQL that is true for a text of the kind. */
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
/** Rows that narrow down the kinds of a column before all rows are tested. */
const FIRST_ROWS = 2048;

/** The kind of each column of texts. */
export async function inferKinds(
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

/** Columns in one query: its time grows with the square of its length. */
const AT_ONCE = 25;

/** Keeps in `maybe` the kinds that all values of the column have; a column without values keeps them all. */
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

/**
 * Category where there are few distinct values; text where there are many words or very many distinct values.
 */
async function wordsOrLevels(database: Database, from: string, value: string): Promise<ColumnKind> {
  const [row] = await database.rows(
    `WITH v AS (SELECT ${value} AS v, count(*) AS n FROM ${from} GROUP BY 1)
      SELECT count(v), sum(n * (length(v) - length(replace(v, ' ', '')))) / sum(n) FROM v WHERE v IS NOT NULL`,
  );
  const [levels, spaces] = row!.map(Number) as [number, number];
  const wordy = spaces + 1 >= TEXT_WORDS && levels > 20;
  return wordy || levels > MOST_LEVELS ? 'text' : 'category';
}
