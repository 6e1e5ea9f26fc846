import type { Command } from 'commander';
import { EXIT } from '../errors.ts';
import { escapeText } from '../report/escape.ts';
import { exits } from './command.ts';

export const cache = (mlx: Command): Command =>
  mlx
    .command('cache')
    .description('what is kept of prepared tables and downloads, and where')
    .argument('[part...]', 'with --clean: prepared, downloads, fashion-mnist; all when left out')
    .option('--clean', 'take it away: it is made or downloaded again when it is needed')
    .option('--json', 'one JSON object a file on stdout')
    .action(exits(work));

interface CacheOptions {
  readonly clean?: boolean;
  readonly json?: boolean;
}

const work = (parts: readonly string[], { clean, json }: CacheOptions): Promise<number> =>
  clean ? cleaned(parts) : listed(json === true);

/** What is kept, and how much of it. */
async function listed(json: boolean): Promise<number> {
  const { CACHE_PARTS, listCache } = await import('../data/cache-folder.ts');
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
    if (part !== 'downloads') continue;
    for (const { name, bytes } of own)
      lines.push(`${' '.repeat(16)}${size([{ bytes }]).padStart(10)}  ${escapeText(name)}`);
  }
  if (entries.length > 0) lines.push('  clean it with   mlx cache --clean [part]');
  process.stdout.write(`${lines.join('\n')}\n`);
  return EXIT.done;
}

async function cleaned(parts: readonly string[]): Promise<number> {
  const { cleanCache } = await import('../data/cache-folder.ts');
  const gone = cleanCache(parts);
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
