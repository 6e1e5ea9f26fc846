import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../config/places.ts';
import { configError } from '../errors.ts';

/** Parts of the cache folder. Each can be removed: what is missing is made or downloaded again. */
export const CACHE_PARTS = {
  prepared: 'tables as runs prepared them',
  downloads: 'files of https:// addresses',
  'fashion-mnist': 'the pictures of clothes',
} as const;
export type CachePart = keyof typeof CACHE_PARTS;

export interface CacheEntry {
  readonly part: CachePart;
  /** Name of the file; of downloads the address that it came from, if that is known. */
  readonly name: string;
  readonly bytes: number;
  /** When it was written; of prepared tables, when it was last used. */
  readonly time: Date;
}

export interface CacheList {
  readonly folder: string;
  readonly entries: readonly CacheEntry[];
}

/** All files of the cache, largest first. */
export function listCache(folder = cacheFolder()): CacheList {
  const entries = (Object.keys(CACHE_PARTS) as CachePart[]).flatMap((part) => {
    const addresses = part === 'downloads' ? addressesIn(join(folder, part)) : undefined;
    return namesIn(join(folder, part)).flatMap((name): CacheEntry[] => {
      const found = statSync(join(folder, part, name), { throwIfNoEntry: false });
      if (!found?.isFile()) return [];
      return [{ part, name: addresses?.get(name) ?? name, bytes: found.size, time: found.mtime }];
    });
  });
  return { folder, entries: entries.sort((a, b) => b.bytes - a.bytes || (a.name < b.name ? -1 : 1)) };
}

/**
 * Removes some parts, or all. A run that is reading one isn't disturbed: its files are open.
 * @throws MlxError `usage`
 */
export function cleanCache(parts: readonly string[], folder = cacheFolder()): CacheList {
  const known = Object.keys(CACHE_PARTS);
  const wrong = parts.find((part) => !known.includes(part));
  if (wrong !== undefined)
    throw configError('usage', `the cache has no part ${wrong}`, {
      help: `its parts are ${known.join(', ')}`,
    });
  const { entries } = listCache(folder);
  const chosen = parts.length > 0 ? parts : known;
  for (const part of chosen) rmSync(join(folder, part), { recursive: true, force: true });
  return { folder, entries: entries.filter(({ part }) => chosen.includes(part)) };
}

const namesIn = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder) : []);

/** By the hash of what came from them. */
function addressesIn(downloads: string): ReadonlyMap<string, string> {
  const out = new Map<string, string>();
  for (const name of namesIn(join(downloads, 'addresses')))
    try {
      const { address, sha256 } = JSON.parse(readFileSync(join(downloads, 'addresses', name), 'utf8'));
      out.set(String(sha256), String(address));
    } catch {
      // A damaged note: the content is listed without its address.
    }
  return out;
}
