import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { dataError } from '../../errors.ts';
import type { FileFingerprint, NamedFile } from './data-file.ts';

/** What a file was like before it was hashed. */
const stamps = new WeakMap<FileFingerprint, string>();

function stampOf(path: string): string {
  const { size, mtimeMs, ino } = statSync(path, { throwIfNoEntry: false }) ?? {};
  return `${size} ${mtimeMs} ${ino}`;
}

/** Checks that the files haven't changed since they were hashed. @throws MlxError `data-changed` */
export function assertUnchanged(files: readonly NamedFile[], hashed: readonly FileFingerprint[]): void {
  const changed = files.findIndex((file, i) => stampOf(file.path) !== stamps.get(hashed[i]!));
  if (changed < 0) return;
  throw dataError('data-changed', `${files[changed]!.name} changed while it was read`, {
    path: ['data', 'source', 'path'],
    help: 'try again when nothing writes to it',
  });
}

/**
 * Hashes a file piece by piece.
 * @throws MlxError `data-missing`, `data-not-a-file`, `data-unreadable`, `data-empty`
 */
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
