import { createHash } from 'node:crypto';
import { createReadStream, readdirSync, statSync } from 'node:fs';
import { isAbsolute, join, relative, sep } from 'node:path';
import { dataError } from '../../../errors.ts';
import type { NamedFile } from '../files.ts';
import type { FileFingerprint } from '../source.ts';

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
 * The file that `path` names, or all files that match where it has `*` or `?`, in the order of their names' code units.
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

/** What a file was like before it was hashed. */
const stamps = new WeakMap<FileFingerprint, string>();

function stampOf(path: string): string {
  const { size, mtimeMs, ino } = statSync(path, { throwIfNoEntry: false }) ?? {};
  return `${size} ${mtimeMs} ${ino}`;
}

/** Nobody wrote to the files since they were hashed. @throws MlxError `data-changed` */
export function assertUnchanged(files: readonly NamedFile[], hashed: readonly FileFingerprint[]): void {
  const changed = files.findIndex((file, i) => stampOf(file.path) !== stamps.get(hashed[i]!));
  if (changed < 0) return;
  throw dataError('data-changed', `${files[changed]!.name} changed while it was read`, {
    path: ['data', 'source', 'path'],
    help: 'try again when nothing writes to it',
  });
}

/** Hashes a file piece by piece. @throws MlxError `data-missing`, `data-not-a-file`, `data-unreadable`, `data-empty` */
export async function fingerprintFile({ path, name }: NamedFile): Promise<FileFingerprint> {
  const at = { path: ['data', 'source', 'path'], notes: [`looked at ${path}`] };
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found)
    throw dataError('data-missing', `there is no file ${name}`, {
      ...at,
      help: 'correct the path; relative paths start at the folder of the config',
    });
  if (!found.isFile())
    throw dataError(
      'data-not-a-file',
      `${name} is ${found.isDirectory() ? 'a folder' : 'no regular file'}; a file was expected`,
      {
        ...at,
        help: found.isDirectory() ? `name the files inside it: ${name}/*` : 'copy it into a regular file',
      },
    );
  if (found.size === 0)
    throw dataError('data-empty', `${name} is empty`, { ...at, help: 'name a file that has rows' });
  const stamp = stampOf(path);
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const piece of createReadStream(path, { highWaterMark: 2 ** 20 })) {
      hash.update(piece as Uint8Array);
      bytes += (piece as Uint8Array).length;
    }
  } catch (cause) {
    throw dataError('data-unreadable', `${name} can't be read: ${(cause as Error).message}`, {
      ...at,
      cause,
    });
  }
  const fingerprint = { name, bytes, sha256: hash.digest('hex') };
  stamps.set(fingerprint, stamp);
  return fingerprint;
}

/** Of all files, in order. @throws MlxError as `fingerprintFile` */
export async function fingerprints(files: readonly NamedFile[]): Promise<FileFingerprint[]> {
  const out: FileFingerprint[] = [];
  for (const file of files) out.push(await fingerprintFile(file));
  return out;
}
