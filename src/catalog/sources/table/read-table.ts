import { assertUnchanged } from '../fingerprints.ts';
import { type Located, locate } from '../locate.ts';
import { openScratch } from '../scratch.ts';
import type { FileFingerprint, RawData, SourceContext, TableProfile } from '../source.ts';
import type { TableParams } from './load.ts';
import { openReader } from './reader.ts';
import {
  atSecond,
  type SecondFiles,
  secondOf,
  type TableLook,
  type TableRows,
  type TableTask,
} from './task.ts';

interface Found {
  readonly all: Located;
  readonly main: Located;
  readonly seconds: readonly SecondFiles[];
}

/** All files of a table, with those of its row steps' second tables. @throws MlxError as `locate` */
async function findAll(
  params: TableParams,
  ctx: SourceContext,
  known?: readonly FileFingerprint[],
): Promise<Found> {
  const main = await locate(params, ctx, known);
  let rest = known?.slice(main.files.length);
  const parts = [main];
  const seconds: SecondFiles[] = [];
  const rows = ctx.table?.rows ?? [];
  for (const [step, asked] of rows.entries()) {
    const second = secondOf(asked);
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

/** Hashes of all files that a table is made of. @throws MlxError as `locate` */
export const tableFiles = async (
  params: TableParams,
  ctx: SourceContext,
): Promise<readonly FileFingerprint[]> => (await findAll(params, ctx)).all.hashes;

/** Files to examples. @throws MlxError with exit code 3 for the data, 2 with a path for the config */
export const readTable = (type: string, params: TableParams, ctx: SourceContext): Promise<RawData> =>
  fromFiles<TableRows>('rows', type, params, ctx);

/** A look at every column of a table, whatever it holds. @throws MlxError as reading does */
export const profileTable = (type: string, params: TableParams, ctx: SourceContext): Promise<TableProfile> =>
  fromFiles<TableLook>('profile', type, params, ctx);

async function fromFiles<T>(
  make: TableTask['make'],
  type: string,
  params: TableParams,
  { progress, ...ctx }: SourceContext,
): Promise<T & { readonly files: readonly FileFingerprint[] }> {
  const scratch = openScratch(ctx.cache);
  const reader = openReader(); // its process starts while files are hashed
  try {
    const { all, main, seconds } = await findAll(params, { ...ctx, progress }, ctx.files);
    const bytes = all.hashes.reduce((sum, file) => sum + file.bytes, 0);
    const made = await reader.perform(
      { make, type, params, files: main.files, seconds, bytes, ctx },
      scratch,
    );
    // The fingerprint is of what was read, or there is none.
    assertUnchanged(all.files, all.hashes);
    return { ...(made as T), files: all.hashes };
  } finally {
    reader.close();
    scratch.remove();
  }
}
