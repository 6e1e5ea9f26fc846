import { readdirSync, statSync } from 'node:fs';
import { isAbsolute, join, relative, sep } from 'node:path';
import { dataError } from '../../errors.ts';
import type { NamedFile } from './data-file.ts';

const MAGIC = /[*?]/;
const MOST_FILES = 10_000;

/** `*` and `?` inside one name. */
const pattern = (part: string): RegExp =>
  new RegExp(
    `^${part
      .replace(/[\\^$.|+()[\]{}]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    'su',
  );

/**
 * The file that `path` names, or all files that match where it has `*` or `?`, in the order of their names'
 * code units.
 * @throws MlxError `data-missing`
 */
export function findFiles(path: string, folder: string): NamedFile[] {
  if (!MAGIC.test(path)) return [{ path: isAbsolute(path) ? path : join(folder, path), name: path }];
  const [start, parts] = isAbsolute(path)
    ? [sep, path.slice(1).split('/')]
    : [folder, path.split('/').filter((part) => part !== '.')];
  const found = parts.reduce<string[]>((bases, part) => bases.flatMap((base) => step(base, part)), [start]);
  const files = found.filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile()).sort(byCodeUnit);
  if (files.length === 0)
    throw dataError('data-missing', `no file matches ${path}`, {
      path: ['data', 'source', 'path'],
      help: 'correct the path; relative paths start at the folder of the config',
    });
  if (files.length > MOST_FILES)
    throw dataError(
      'data-too-many-files',
      `${files.length} files match ${path}; at most ${MOST_FILES} are read`,
      {
        path: ['data', 'source', 'path'],
        help: 'name fewer files',
      },
    );
  return files.map((file) => ({ path: file, name: isAbsolute(path) ? file : relative(folder, file) }));
}

const byCodeUnit = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function step(base: string, part: string): string[] {
  if (!MAGIC.test(part)) return [join(base, part)];
  const matches = pattern(part);
  try {
    return readdirSync(base)
      .filter((name) => matches.test(name) && (part.startsWith('.') || !name.startsWith('.')))
      .map((name) => join(base, name));
  } catch {
    return [];
  }
}
