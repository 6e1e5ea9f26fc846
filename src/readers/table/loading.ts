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
  /** CSV only. */
  readonly delimiter?: string | null;
  readonly header?: boolean;
}

/** What a loader needs besides the files. */
export interface Loading {
  readonly params: TableParams;
  /** The files are small and are loaded into memory; else they are read in place or loaded into `disk`. */
  readonly small: boolean;
  /** Attaches a database file for what is too large for memory, if need be; returns its name in SQL. */
  disk(): Promise<string>;
  /** Folder for copies of files. */
  folder(): string;
  /** Put before the names of relations, for a second table. */
  readonly prefix: string;
}

/**
 * Makes the relation `<prefix>s0` from the files: their columns, and `__row`, numbered from 0 in the order of
 * files and rows.
 * @returns files that are read in place, again with each query
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

/** An error for files that aren't of the format, from DuckDB's message. */
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
