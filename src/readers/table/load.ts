import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { dataError, MlxError } from '../../errors.ts';
import type { NamedFile } from '../files/data-file.ts';
import { readCsvHeader } from './csv-header.ts';
import { type Database, reason } from './duckdb.ts';
import { identifier, literal } from './sql-text.ts';

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

const AT = { path: ['data', 'source', 'path'] } as const;

/** Makes DuckDB take a path as it is: what would be a pattern stands in brackets. */
const exactly = (path: string): string => literal(path.replace(/[*?[]/g, '[$&]'));
const list = (files: readonly NamedFile[]): string => `[${files.map((f) => exactly(f.path)).join(', ')}]`;

const create = (prefix: string, columns: string, from: string): string =>
  `CREATE VIEW ${prefix}s0 AS SELECT ${columns}, (row_number() OVER () - 1)::BIGINT AS __row FROM ${from}`;

/** Every column as text; kinds are found afterwards. Files are read one by one, so that an error knows its file. */
export const loadCsv: Load = async (database, files, { params, small, disk, prefix, folder }) => {
  const first = readCsvHeader(files[0]!, params.delimiter ?? null, params.header ?? true);
  if (first.names.includes('__row')) throw reserved('__row');
  const columns = `{${first.names.map((name) => `${literal(name)}: 'VARCHAR'`).join(', ')}}`;
  const reads: string[] = [];
  const skipped: number[] = [];
  for (const file of files) {
    const { names, apart } = readCsvHeader(file, first.delimiter, params.header ?? true);
    if (names.join('\0') !== first.names.join('\0'))
      throw dataError('csv-header', `${file.name} has other columns than ${files[0]!.name}`, {
        ...AT,
        notes: [`${files[0]!.name}: ${first.names.join(', ')}`, `${file.name}: ${names.join(', ')}`],
        help: 'give all files the same first line, or name fewer files',
      });
    const options = [
      'auto_detect = false',
      `header = ${(params.header ?? true) && !apart}`,
      `delim = ${literal(first.delimiter)}`,
      `quote = '"'`,
      `escape = '"'`,
      'strict_mode = true',
      'null_padding = false',
      `nullstr = [${params.missing.map(literal).join(', ')}]`,
      `columns = ${columns}`,
    ];
    const path = apart
      ? await withoutHeader(file, apart.bytes, join(folder(), `${prefix}${reads.length}.csv`))
      : file.path;
    skipped.push(apart?.lines ?? 0);
    reads.push(`SELECT * FROM read_csv(${exactly(path)}, ${options.join(', ')})`);
  }
  let current = files[0]!;
  try {
    const loaded = `${small ? 'memory' : await disk()}.${prefix}loaded`;
    for (const [i, read] of reads.entries()) {
      current = files[i]!;
      await database.run(i === 0 ? `CREATE TABLE ${loaded} AS ${read}` : `INSERT INTO ${loaded} ${read}`);
    }
    await database.run(create(prefix, '*', loaded));
  } catch (error) {
    throw csvProblem(error, current, skipped[files.indexOf(current)]!);
  }
  return [];
};

/** DuckDB guesses what ends a line by the first line break of a file: one that is inside of the header must not be seen. */
async function withoutHeader({ path }: NamedFile, bytes: number, to: string): Promise<string> {
  await pipeline(
    createReadStream(path, { start: bytes }),
    createWriteStream(to, { flags: 'wx', mode: 0o600 }),
  );
  return to;
}

const reserved = (name: string) =>
  dataError('column-name', `the column \`${name}\` has a name that mlx needs itself`, {
    ...AT,
    help: 'rename it in the file',
  });

/** DuckDB's message of a broken row, in our words. */
function csvProblem(error: unknown, file: NamedFile, skipped: number): unknown {
  if (error instanceof MlxError) return error;
  const text = error instanceof Error ? error.message : String(error);
  const told = /CSV Error on Line: (\d+)/.exec(text)?.[1];
  const line = told && String(Number(told) + skipped);
  const fields = /Expected Number of Columns: (\d+) Found: (\d+)/.exec(text);
  const notes = line ? [`${file.name}:${line}`] : [];
  const where = line ? `line ${line} of ${file.name}` : file.name;
  if (fields)
    return dataError('csv-row', `${where} has ${fields[2]} fields; the header has ${fields[1]}`, {
      ...AT,
      notes,
      help: 'correct the line; fields that hold the delimiter or a line break need double quotes',
    });
  if (/unterminated quote|quote/i.test(text) && line)
    return dataError('csv-row', `${where} has a quote that doesn't end`, {
      ...AT,
      notes,
      help: 'close the quote; a quote inside a quoted field is written twice',
    });
  if (/unicode|utf-?8/i.test(text))
    return dataError('data-encoding', `${where} is no UTF-8 text`, {
      ...AT,
      notes,
      help: 'save the file as UTF-8',
    });
  return dataError('csv-row', `${where} can't be read: ${reason(error)}`, { ...AT, notes });
}

/** What DuckDB would take for a pattern: such a file can't be named among those that stay readable. */
const ODD = /[*?[\]{}]/;

/** Read in place: a column that nothing asks for is never unpacked. */
export const loadParquet: Load = async (database, files, { small, disk, prefix }) => {
  const from = `read_parquet(${list(files)}, hive_partitioning = false, union_by_name = false)`;
  if (small) return typed(database, files, 'Parquet', from, prefix, 'memory');
  if (files.some(({ path }) => ODD.test(path)))
    return typed(database, files, 'Parquet', from, prefix, await disk());
  await typed(database, files, 'Parquet', from, prefix);
  return files.map(({ path }) => path);
};

export const loadJson: Load = async (database, files, { small, disk, prefix }) =>
  typed(
    database,
    files,
    'JSON',
    `read_json(${list(files)}, auto_detect = true, records = true, sample_size = -1, convert_strings_to_integers = false, union_by_name = true, hive_partitioning = false, dateformat = '%Y-%m-%d', timestampformat = '%Y-%m-%dT%H:%M:%S')`,
    prefix,
    small ? 'memory' : await disk(),
  );

/** @param into database to copy the rows into; when left out they are read in place */
async function typed(
  database: Database,
  files: readonly NamedFile[],
  format: string,
  from: string,
  prefix: string,
  into?: string,
): Promise<readonly string[]> {
  try {
    const names = (await database.rows(`DESCRIBE SELECT * FROM ${from}`)).map((row) => String(row[0]));
    const taken = names.find((name) => name.toLowerCase() === '__row');
    if (taken) throw reserved(taken);
    if (into) await database.run(`CREATE TABLE ${into}.${prefix}loaded AS SELECT * FROM ${from}`);
    await database.run(
      create(prefix, names.map(identifier).join(', '), into ? `${into}.${prefix}loaded` : from),
    );
    return [];
  } catch (error) {
    if (error instanceof MlxError) throw error;
    throw unreadable(error, files, format);
  }
}

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

interface Loader {
  readonly load: Load;
  readonly format: string;
  /** Texts that mean "missing" are gone by then. */
  readonly cleans?: true;
}

/** By the `type` of a table. */
export const LOADERS: Readonly<Record<string, Loader>> = {
  csv: { load: loadCsv, format: 'CSV', cleans: true },
  parquet: { load: loadParquet, format: 'Parquet' },
  json: { load: loadJson, format: 'JSON' },
};
