import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A JSON file of a run folder, as `accept` takes it. A file that isn't there is none; one that can't be read,
 * or that `accept` gives nothing for or throws at, is reported in `problems`.
 */
export function readJson<T>(
  folder: string,
  name: string,
  problems: string[],
  accept: (value: unknown) => T | undefined,
): T | undefined {
  let text: string;
  try {
    text = readFileSync(join(folder, name), 'utf8');
  } catch (error) {
    unreadable(error, name, problems);
    return undefined;
  }
  try {
    const accepted = accept(JSON.parse(text));
    if (accepted !== undefined) return accepted;
  } catch {
    // reported below
  }
  problems.push(`${name} is damaged`);
  return undefined;
}

/** Tells of a file that couldn't be read, unless it isn't there. */
export function unreadable(error: unknown, name: string, problems: string[]): void {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== 'ENOENT' && code !== 'ENOTDIR') problems.push(`${name} can't be read (${code})`);
}
