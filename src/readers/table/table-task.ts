import { join } from 'node:path';
import { MlxError } from '../../errors.ts';
import type { NamedFile } from '../files/data-file.ts';
import type { Scratch } from '../files/scratch.ts';
import type { ColumnKind, RawData } from '../raw-data.ts';
import type { SourceContext, TableRequest } from '../source-context.ts';
import type { TableProfile } from '../table-profile.ts';
import { type TableColumn, typeColumns } from './column-kinds.ts';
import { Database } from './duckdb.ts';
import { extract } from './extract.ts';
import { LOADERS } from './loaders.ts';
import { type TableParams, unreadable } from './loading.ts';
import { profiles } from './profile.ts';
import type { RowSteps } from './row-step.ts';
import { literal } from './sql-text.ts';
import { earlierFailure, refuseEmpty, takeSteps } from './take-steps.ts';

/** Files of one table, and how to read them. */
export interface TableFiles {
  readonly type: string;
  readonly params: TableParams;
  readonly files: readonly NamedFile[];
}

/** A second table that a row step reads. */
export interface SecondFiles extends TableFiles {
  readonly step: number;
  readonly kinds: Readonly<Record<string, ColumnKind>>;
}

/** What to make of files on this machine, as plain data for another process. */
export interface TableTask extends TableFiles {
  readonly make: 'rows' | 'profile';
  readonly seconds: readonly SecondFiles[];
  /** Size of all files together. */
  readonly bytes: number;
  readonly ctx: Omit<SourceContext, 'progress'>;
  /** The most bytes of numbers to keep in memory; `ctx.limits.held` by default. */
  readonly held?: number;
}

export type TableRows = Omit<RawData, 'files'>;
export type TableLook = Omit<TableProfile, 'files'>;

const NOTHING: TableRequest = { rows: [], columns: {} };

/** Files up to this many bytes are loaded into memory. */
const LOADED = 2 ** 24;
/** How many bytes one byte of a compressed file may become. */
const UNPACKED = 16;

/**
 * Loads the files, locks the database, finds the kinds of columns, takes the steps of `data.rows`, and
 * returns rows or a profile.
 * @throws MlxError
 */
export async function perform(
  task: TableTask,
  scratch: Scratch,
  rowSteps: RowSteps,
): Promise<TableRows | TableLook> {
  const { params, type, files, ctx, seconds, bytes } = task;
  const { rows, columns } = ctx.table ?? NOTHING;
  const packed = [task, ...seconds].some((table) => LOADERS[table.type]!.packed);
  const small = bytes * (packed ? UNPACKED : 1) <= (ctx.limits?.loaded ?? LOADED);
  const database = await Database.open(params.memory);
  try {
    let attached = false;
    const disk = async () => {
      if (!attached) await database.run(`ATTACH ${literal(join(scratch.path(), 'table.db'))} AS disk`);
      attached = true;
      return 'disk';
    };
    const folder = () => scratch.path();
    const { load, format } = LOADERS[type]!;
    const stay = [...(await load(database, files, { params, small, disk, folder, prefix: '' }))];
    for (const second of seconds)
      stay.push(
        ...(await atSecond(second, rows, () =>
          LOADERS[second.type]!.load(database, second.files, {
            params: second.params,
            small,
            disk,
            folder,
            prefix: prefixOf(second.step),
          }),
        )),
      );
    await database.lock(small ? undefined : { files: stay, spill: join(scratch.path(), 'spill') });
    try {
      const markers = (of: TableFiles) => (LOADERS[of.type]!.cleans ? [] : of.params.missing);
      const typed = await typeColumns(database, columns, markers(task), small);
      const others = new Map<number, readonly TableColumn[]>();
      for (const second of seconds) {
        const { step, kinds } = second;
        others.set(
          step,
          await atSecond(second, rows, () =>
            typeColumns(database, kinds, markers(second), small, prefixOf(step)),
          ),
        );
      }
      await refuseEmpty(database, [], params.path);
      const stepped = await takeSteps(database, typed, rows, rowSteps, ctx.seed, others);
      await refuseEmpty(database, rows, params.path);
      return await made(task, database, stepped, scratch, small);
    } catch (error) {
      throw (await earlierFailure(database, rows, error, (e) => unreadable(e, files, format))) ?? error;
    }
  } finally {
    database.close();
  }
}

async function made(
  { make, ctx, held }: TableTask,
  database: Database,
  columns: readonly TableColumn[],
  scratch: Scratch,
  small: boolean,
): Promise<TableRows | TableLook> {
  if (make === 'rows') return extract(database, columns, ctx, ctx.table?.key, scratch, held);
  const rows = Number(await database.value('SELECT count(*) FROM t'));
  return { rows, columns: await profiles(database, columns, rows, small) };
}

/** Prefix of the relations of a step's second table. */
export const prefixOf = (step: number): string => `second${step}_`;

/** The second table that a step reads; undefined where it reads none. */
export const secondOf = (rowSteps: RowSteps, { kind, value }: TableRequest['rows'][number]) =>
  rowSteps.get(kind)?.second?.(value);

/** Makes errors of a second table point into its step instead of `data.source`. */
export async function atSecond<T>(
  { step }: Pick<SecondFiles, 'step'>,
  rows: TableRequest['rows'],
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof MlxError) || error.details.path?.[0] !== 'data') throw error;
    const [, section, ...rest] = error.details.path;
    const at = ['data', 'rows', step, rows[step]!.kind];
    const path = section === 'source' ? [...at, 'source', ...rest] : [...at, 'kinds', ...rest];
    throw new MlxError(error.code, error.message, error.exit, { ...error.details, path });
  }
}
