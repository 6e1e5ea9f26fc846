import { MlxError } from '../../errors.ts';
import type { NamedFile } from '../files/data-file.ts';
import type { Database } from './duckdb.ts';
import { exactly, type Load, numberedView, reserved, unreadable } from './loading.ts';
import { identifier } from './sql-text.ts';

const list = (files: readonly NamedFile[]): string => `[${files.map((f) => exactly(f.path)).join(', ')}]`;

/** Paths that DuckDB would take for a pattern: `allowed_paths` can't name them. */
const ODD = /[*?[\]{}]/;

/** Large files are read in place, so that columns that nothing needs are never unpacked. */
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
      numberedView(prefix, names.map(identifier).join(', '), into ? `${into}.${prefix}loaded` : from),
    );
    return [];
  } catch (error) {
    if (error instanceof MlxError) throw error;
    throw unreadable(error, files, format);
  }
}
