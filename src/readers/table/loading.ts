import { dataError, type MlxError } from '../../errors.ts';
import type { NamedFile } from '../files/data-file.ts';
import { type Database, reason } from './duckdb.ts';
import { literal } from './sql-text.ts';

/** Fields of a source of tables. */
export interface TableParams {
  readonly path: string;
  readonly sha256: string | null;
  readonly missing: readonly string[];
  readonly memory: string;
  /** Of CSV. */
  readonly delimiter?: string | null;
  readonly header?: boolean;
}

/** What a loader needs besides the files. */
export interface Loading {
  readonly params: TableParams;
  /** They are small: read once, into memory. Else they stay where they are, or go to `disk`. */
  readonly small: boolean;
  /** Attaches a database file for what is too large for memory, once; its name in SQL. */
  disk(): Promise<string>;
  /** Folder for what is copied. */
  folder(): string;
  /** Before the names of what is made, for a second table. */
  readonly prefix: string;
}

/**
 * Makes the relation `<prefix>s0` of the files: the columns as they are, and `__row` from 0 in the order of files and rows.
 * @returns files that are read again with each query
 */
export type Load = (
  database: Database,
  files: readonly NamedFile[],
  loading: Loading,
) => Promise<readonly string[]>;

/** Where errors of a table's files point to. */
export const AT = { path: ['data', 'source', 'path'] } as const;

/** A path in SQL, with brackets around `*`, `?` and `[`, which DuckDB would take for a pattern. */
export const exactly = (path: string): string => literal(path.replace(/[*?[]/g, '[$&]'));
/** The view `<prefix>s0` of a relation, with rows numbered from 0. */
export const numberedView = (prefix: string, columns: string, from: string): string =>
  `CREATE VIEW ${prefix}s0 AS SELECT ${columns}, (row_number() OVER () - 1)::BIGINT AS __row FROM ${from}`;

/** A column has the name of the one that mlx adds. */
export const reserved = (name: string) =>
  dataError('column-name', `the column \`${name}\` has a name that mlx needs itself`, {
    ...AT,
    help: 'rename it in the file',
  });

/** DuckDB's message about a file that isn't what it should be. */
export function unreadable(error: unknown, files: readonly NamedFile[], format: string): MlxError {
  const which = files.length === 1 ? files[0]!.name : `one of ${files.length} files`;
  return dataError(
    `${format.toLowerCase()}-format`,
    `${which} can't be read as ${format}: ${reason(error)}`,
    {
      ...AT,
      help: `name ${format} files, or choose another source`,
    },
  );
}
