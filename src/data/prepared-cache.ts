import type { Config } from '../config/config.ts';
import type { FileFingerprint } from '../readers/files/data-file.ts';
import { HELD_IN_MEMORY } from '../readers/files/number-file.ts';
import type { SourceContext } from '../readers/source-context.ts';
import { buildOf, cacheKey, readEntry, writeEntry } from './cache.ts';
import { dataFiles, type Prepared } from './prepare.ts';
import { fromSnapshot, toSnapshot } from './prepared-snapshot.ts';

export type BuildId = string;

/** Prepared data of earlier runs, for one config and the files as they are now. */
export interface DataCache {
  /** Hashes of the files, so that they aren't computed twice. */
  readonly files: readonly FileFingerprint[];
  read(): Prepared | undefined;
  write(data: Prepared): void;
}

/**
 * The cache for a config's data; undefined where the source doesn't know its files, or nothing is cached.
 * @param build which code prepares the data; when left out, that of this build
 */
export async function cacheOf(
  config: Config,
  ctx: SourceContext,
  build: BuildId | undefined = buildOf(),
  held = HELD_IN_MEMORY,
): Promise<DataCache | undefined> {
  if (build === undefined) return undefined;
  const files = await dataFiles(config, ctx);
  if (!files) return undefined;
  const key = cacheKey(config, files, build);
  return {
    files,
    read() {
      const kept = readEntry(ctx.cache, key, held);
      return kept === undefined ? undefined : fromSnapshot(kept);
    },
    write: (data) => writeEntry(ctx.cache, key, toSnapshot(data)),
  };
}
