import { join } from 'node:path';
import type { NamedFile } from '../files.ts';
import { assertUnchanged } from '../fingerprints.ts';
import { openScratch, type Scratch } from '../scratch.ts';
import type { FileFingerprint, RawData, SourceContext, TableRequest } from '../source.ts';
import { Database, literal } from './duckdb.ts';
import { extract } from './extract.ts';
import { type TableColumn, typeColumns } from './kinds.ts';
import { type Load, type TableParams, unreadable } from './load.ts';
import { locate } from './locate.ts';
import { earlierFailure, refuseEmpty, takeSteps } from './steps.ts';

const NOTHING: TableRequest = { rows: [], columns: {} };

/** Bytes of files that are loaded into memory as a whole; Parquet's are packed. */
const LOADED = 2 ** 24;
const PACKED = 16;

/**
 * Files to examples: load, lock the database, give kinds, take the steps of `data.rows`, hand out numbers.
 * @throws MlxError with exit code 3 for the data, 2 with a path for the config
 */
export async function readTable(
  params: TableParams,
  ctx: SourceContext,
  load: Load,
  format: string,
): Promise<RawData> {
  const key = ctx.table?.key;
  return withTable(params, ctx, load, format, (database, columns, scratch) =>
    extract(database, columns, ctx, key, scratch),
  );
}

/** Does something with the finished table `t` while it is there. @throws MlxError as reading does */
export async function withTable<T>(
  params: TableParams,
  ctx: SourceContext,
  load: Load,
  format: string,
  use: (database: Database, columns: readonly TableColumn[], scratch: Scratch) => Promise<T>,
): Promise<T & { readonly files: readonly FileFingerprint[] }> {
  const { files: found, hashes: files } = await locate(params, ctx, ctx.files);
  const scratch = openScratch(ctx.cache);
  try {
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    const read = await query({ params, ctx, load, format, found, scratch, bytes }, use);
    // The fingerprint is of what was read, or there is none.
    assertUnchanged(found, files);
    return { ...read, files };
  } finally {
    scratch.remove();
  }
}

interface Query {
  readonly params: TableParams;
  readonly ctx: SourceContext;
  readonly load: Load;
  readonly format: string;
  readonly found: readonly NamedFile[];
  readonly scratch: Scratch;
  readonly bytes: number;
}

async function query<T>(
  { params, ctx, load, format, found, scratch, bytes }: Query,
  use: (database: Database, columns: readonly TableColumn[], scratch: Scratch) => Promise<T>,
): Promise<T> {
  const { rows, columns } = ctx.table ?? NOTHING;
  const small = bytes * (format === 'Parquet' ? PACKED : 1) <= (ctx.limits?.loaded ?? LOADED);
  const database = await Database.open(params.memory);
  try {
    let attached = false;
    const disk = async () => {
      if (!attached) await database.run(`ATTACH ${literal(join(scratch.path(), 'table.db'))} AS disk`);
      attached = true;
      return 'disk';
    };
    const stay = await load(database, found, { params, small, disk });
    await database.lock(small ? undefined : { files: stay, spill: join(scratch.path(), 'spill') });
    try {
      const typed = await typeColumns(database, columns, params.missing);
      await refuseEmpty(database, [], params.path);
      const stepped = await takeSteps(database, typed, rows, ctx.seed);
      await refuseEmpty(database, rows, params.path);
      return await use(database, stepped, scratch);
    } catch (error) {
      throw (await earlierFailure(database, rows, error, (e) => unreadable(e, found, format))) ?? error;
    }
  } finally {
    database.close();
  }
}
