import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { sha256 } from '../../base/sha256.ts';
import { dataError } from '../../errors.ts';

/** A file that a result depends on. */
export interface FileFingerprint {
  /** As named in the config or by the package; never an absolute path of the machine. */
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** A file to read: where it lies on this machine, and the name under which it is recorded. */
export interface NamedFile {
  readonly path: string;
  readonly name: string;
  /** sha256 that its unpacked content must have. */
  readonly content?: string;
}

export const fingerprint = (name: string, bytes: Uint8Array): FileFingerprint => ({
  name,
  bytes: bytes.length,
  sha256: sha256(bytes),
});

/** The fingerprint of data that are written in the config itself: that of their canonical JSON. */
export const valueFingerprint = (name: string, value: unknown): FileFingerprint =>
  fingerprint(name, new TextEncoder().encode(JSON.stringify(value)));

/**
 * Reads a whole file of the user's.
 * @throws MlxError `data-missing`, `data-not-a-file`, `data-unreadable`.
 */
export async function readDataFile(file: NamedFile): Promise<Uint8Array> {
  try {
    const found = await stat(file.path);
    // Checked first: reading a pipe or a device might never end.
    if (!found.isFile()) throw notAFile(file, found.isDirectory());
    return await readFile(file.path);
  } catch (cause) {
    throw explained(file, cause);
  }
}

/**
 * The first `limit` bytes; undefined when there is no such file or it can't be read. Synchronous, for
 * `describe`.
 */
export function peek(path: string, limit: number): Uint8Array | undefined {
  try {
    if (!statSync(path).isFile()) return undefined;
    const handle = openSync(path, 'r');
    try {
      const out = new Uint8Array(limit);
      let length = 0;
      for (;;) {
        const read = readSync(handle, out, length, limit - length, length);
        length += read;
        if (read === 0 || length === limit) return out.subarray(0, length);
      }
    } finally {
      closeSync(handle);
    }
  } catch {
    return undefined;
  }
}

const notAFile = (file: NamedFile, folder: boolean) =>
  dataError(
    'data-not-a-file',
    `${file.name} is ${folder ? 'a folder' : 'no regular file'}; a file was expected`,
    {
      help: folder ? 'name the file inside it' : 'copy its content into a regular file',
      notes: [`looked at ${file.path}`],
    },
  );

function explained(file: NamedFile, cause: unknown): unknown {
  if (!(cause instanceof Error) || !('code' in cause) || 'exit' in cause) return cause;
  const notes = [`looked at ${file.path}`];
  if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR')
    return dataError('data-missing', `there is no file ${file.name}`, {
      notes,
      help: 'correct the path; relative paths start at the folder of the config',
      cause,
    });
  if (cause.code === 'EACCES' || cause.code === 'EPERM')
    return dataError('data-unreadable', `${file.name} can't be read: permission denied`, {
      notes,
      help: 'give this user the right to read it',
      cause,
    });
  return dataError('data-unreadable', `${file.name} can't be read: ${cause.message}`, { notes, cause });
}
