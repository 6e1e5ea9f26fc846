import { CACHE_PARTS, type CacheList, type CachePart, cleanCache, listCache } from '../data/cache-folder.ts';
import { EXIT } from '../errors.ts';
import { escapeText } from '../report/escape.ts';

interface CacheOptions {
  readonly json?: boolean;
}

/** `mlx cache`: what is kept, and how much of it. @returns the exit code */
export function cache({ json }: CacheOptions): number {
  const { folder, entries } = listCache();
  if (json) {
    for (const entry of entries) process.stdout.write(`${JSON.stringify(entry)}\n`);
    return EXIT.done;
  }
  const lines = [`${escapeText(folder)}  ${size(entries)}`];
  for (const [part, what] of Object.entries(CACHE_PARTS)) {
    const own = entries.filter((entry) => entry.part === part);
    if (own.length === 0) continue;
    lines.push(
      `  ${part.padEnd(14)}${size(own).padStart(10)}  ${own.length} ${own.length === 1 ? 'file' : 'files'}: ${what}`,
    );
    if ((part as CachePart) !== 'downloads') continue;
    for (const { name, bytes } of own)
      lines.push(`${' '.repeat(16)}${size([{ bytes }]).padStart(10)}  ${escapeText(name)}`);
  }
  if (entries.length > 0) lines.push('  clean it with   mlx cache --clean [part]');
  process.stdout.write(`${lines.join('\n')}\n`);
  return EXIT.done;
}

/** `mlx cache --clean [part...]`. @returns the exit code */
export function clean(parts: readonly string[]): number {
  const gone: CacheList = cleanCache(parts);
  process.stdout.write(
    `✓ removed ${size(gone.entries)} in ${gone.entries.length} files from ${escapeText(gone.folder)}\n`,
  );
  return EXIT.done;
}

function size(entries: readonly { readonly bytes: number }[]): string {
  const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  return bytes < 1e6
    ? `${(bytes / 1e3).toFixed(1)} kB`
    : bytes < 1e9
      ? `${(bytes / 1e6).toFixed(1)} MB`
      : `${(bytes / 1e9).toFixed(1)} GB`;
}
