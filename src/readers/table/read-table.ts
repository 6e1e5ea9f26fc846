import { type Located, locate } from '../download/locate.ts';
import type { FileFingerprint } from '../files/data-file.ts';
import { assertUnchanged } from '../files/fingerprints.ts';
import { openScratch } from '../files/scratch.ts';
import type { RawData } from '../raw-data.ts';
import type { SourceContext } from '../source-context.ts';
import type { TableProfile } from '../table-profile.ts';
import type { TableParams } from './loading.ts';
import { openReader } from './reader.ts';
import type { RowSteps } from './row-step.ts';
import {
  atSecond,
  type SecondFiles,
  secondOf,
  type TableLook,
  type TableRows,
  type TableTask,
} from './table-task.ts';

interface Found {
  readonly all: Located;
  readonly main: Located;
  readonly seconds: readonly SecondFiles[];
}

/** All files of a table, with those of its row steps' second tables. @throws MlxError as `locate` */
async function findAll(
  params: TableParams,
  ctx: SourceContext,
  rowSteps: RowSteps,
  known?: readonly FileFingerprint[],
): Promise<Found> {
  const main = await locate(params, ctx, known);
  let rest = known?.slice(main.files.length);
  const parts = [main];
  const seconds: SecondFiles[] = [];
  const rows = ctx.table?.rows ?? [];
  for (const [step, asked] of rows.entries()) {
    const second = secondOf(rowSteps, asked);
    if (!second) continue;
    const { type, ...fields } = second.source;
    const found = await atSecond({ step }, rows, () => locate(fields, ctx, rest));
    rest = rest?.slice(found.files.length);
    parts.push(found);
    const of = { ...fields, memory: params.memory } as TableParams;
    seconds.push({ step, type, params: of, files: found.files, kinds: second.kinds });
  }
  const all = { files: parts.flatMap((p) => p.files), hashes: parts.flatMap((p) => p.hashes) };
  return { all, main, seconds };
}

/** Fingerprints of all files that a table is read from. @throws MlxError as `locate` */
export const tableFiles = async (
  params: TableParams,
  ctx: SourceContext,
  rowSteps: RowSteps,
): Promise<readonly FileFingerprint[]> => (await findAll(params, ctx, rowSteps)).all.hashes;

/** Reads files as examples. @throws MlxError with exit code 3 for the data, 2 with a path for the config */
export const readTable = (
  type: string,
  params: TableParams,
  ctx: SourceContext,
  rowSteps: RowSteps,
): Promise<RawData> => fromFiles<TableRows>('rows', type, params, ctx, rowSteps);

/** Summarizes every column of a table. @throws MlxError as `readTable` */
export const profileTable = (
  type: string,
  params: TableParams,
  ctx: SourceContext,
  rowSteps: RowSteps,
): Promise<TableProfile> => fromFiles<TableLook>('profile', type, params, ctx, rowSteps);

async function fromFiles<T>(
  make: TableTask['make'],
  type: string,
  params: TableParams,
  { progress, ...ctx }: SourceContext,
  rowSteps: RowSteps,
): Promise<T & { readonly files: readonly FileFingerprint[] }> {
  const scratch = openScratch(ctx.cache);
  const reader = openReader(rowSteps); // its process starts while files are hashed
  try {
    const { all, main, seconds } = await findAll(params, { ...ctx, progress }, rowSteps, ctx.files);
    const bytes = all.hashes.reduce((sum, file) => sum + file.bytes, 0);
    const made = await reader.perform(
      { make, type, params, files: main.files, seconds, bytes, ctx },
      scratch,
    );
    // Else the fingerprints would be of other content than was read.
    assertUnchanged(all.files, all.hashes);
    return { ...(made as T), files: all.hashes };
  } finally {
    reader.close();
    scratch.remove();
  }
}
