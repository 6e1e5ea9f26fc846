import { dataError } from '../../errors.ts';
import type { ColumnKind } from '../raw-data.ts';
import type { Database } from './duckdb.ts';
import { literal } from './sql-text.ts';

/** Texts that are numbers. `\d` alone: 1_000 and 0x10 are no numbers here. */
export const NUMBER = '^\\s*[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?\\s*$';
const YES = "('true', 'yes', 't', 'y', '1')";
const NO = "('false', 'no', 'f', 'n', '0')";

/** SQL that makes a text a value of the kind; NULL where it is none. */
export const CASTS: Readonly<Record<ColumnKind, (c: string) => string>> = {
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
 * Checks that every text of a column is of a kind.
 * @throws MlxError `wrong-type` with the row and the value
 */
export async function mustCast(
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
