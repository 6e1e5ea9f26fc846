import { dataError, MlxError } from '../../../errors.ts';
import type { NamedFile } from '../files.ts';
import { readCsvHeader } from './csv-header.ts';
import { type Database, identifier, literal, reason } from './duckdb.ts';

export interface TableParams {
  readonly path: string;
  readonly missing: readonly string[];
  readonly memory: string;
  /** Of CSV. */
  readonly delimiter?: string | null;
  readonly header?: boolean;
}

/** Fills the table `t` from the files: the columns as they are, and `__row` from 0 in the order of files and rows. */
export type Load = (database: Database, files: readonly NamedFile[], params: TableParams) => Promise<void>;

const AT = { path: ['data', 'source', 'path'] } as const;

/** Makes DuckDB take a path as it is: what would be a pattern stands in brackets. */
const exactly = (path: string): string => literal(path.replace(/[*?[]/g, '[$&]'));
const list = (files: readonly NamedFile[]): string => `[${files.map((f) => exactly(f.path)).join(', ')}]`;

const create = (columns: string, from: string): string =>
  `CREATE TABLE t AS SELECT ${columns}, (row_number() OVER () - 1)::BIGINT AS __row FROM ${from}`;

/** Every column as text; kinds are found afterwards. Files are read one by one, so that an error knows its file. */
export const loadCsv: Load = async (database, files, params) => {
  const first = readCsvHeader(files[0]!, params.delimiter ?? null, params.header ?? true);
  const columns = `{${first.names.map((name) => `${literal(name)}: 'VARCHAR'`).join(', ')}}`;
  const reads: string[] = [];
  for (const file of files) {
    const { names } = readCsvHeader(file, first.delimiter, params.header ?? true);
    if (names.join('\0') !== first.names.join('\0'))
      throw dataError('csv-header', `${file.name} has other columns than ${files[0]!.name}`, {
        ...AT,
        notes: [`${files[0]!.name}: ${first.names.join(', ')}`, `${file.name}: ${names.join(', ')}`],
        help: 'give all files the same first line, or name fewer files',
      });
    const options = [
      'auto_detect = false',
      `header = ${params.header ?? true}`,
      `delim = ${literal(first.delimiter)}`,
      `quote = '"'`,
      `escape = '"'`,
      'strict_mode = true',
      'null_padding = false',
      `nullstr = [${params.missing.map(literal).join(', ')}]`,
      `columns = ${columns}`,
    ];
    reads.push(`SELECT * FROM read_csv(${exactly(file.path)}, ${options.join(', ')})`);
  }
  let current = files[0]!;
  try {
    for (const [i, read] of reads.entries()) {
      current = files[i]!;
      await database.run(i === 0 ? `CREATE TABLE loaded AS ${read}` : `INSERT INTO loaded ${read}`);
    }
    await database.run(create('*', 'loaded'));
    await database.run('DROP TABLE loaded');
  } catch (error) {
    throw csvProblem(error, current);
  }
};

/** DuckDB's message of a broken row, in our words. */
function csvProblem(error: unknown, file: NamedFile): unknown {
  if (error instanceof MlxError) return error;
  const text = error instanceof Error ? error.message : String(error);
  const line = /CSV Error on Line: (\d+)/.exec(text)?.[1];
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

export const loadParquet: Load = (database, files) =>
  typed(
    database,
    files,
    'parquet',
    `read_parquet(${list(files)}, hive_partitioning = false, union_by_name = false)`,
  );

export const loadJson: Load = (database, files) =>
  typed(
    database,
    files,
    'JSON',
    `read_json(${list(files)}, auto_detect = true, records = true, sample_size = -1, convert_strings_to_integers = false, union_by_name = true, hive_partitioning = false, dateformat = '%Y-%m-%d', timestampformat = '%Y-%m-%dT%H:%M:%S')`,
  );

async function typed(
  database: Database,
  files: readonly NamedFile[],
  format: string,
  from: string,
): Promise<void> {
  try {
    const names = (await database.rows(`DESCRIBE SELECT * FROM ${from}`)).map((row) => String(row[0]));
    const taken = names.find((name) => name.toLowerCase() === '__row');
    if (taken)
      throw dataError('column-name', `the column \`${taken}\` has a name that mlx needs itself`, {
        ...AT,
        help: 'rename it in the file',
      });
    await database.run(create(names.map(identifier).join(', '), from));
  } catch (error) {
    if (error instanceof MlxError) throw error;
    const which = files.length === 1 ? files[0]!.name : `one of ${files.length} files`;
    throw dataError(
      `${format.toLowerCase()}-format`,
      `${which} can't be read as ${format}: ${reason(error)}`,
      {
        ...AT,
        help: `name ${format} files, or choose another source`,
      },
    );
  }
}
