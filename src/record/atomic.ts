import { randomBytes } from 'node:crypto';
import { open, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { writeFailure } from './failure.ts';

type Chunks = Iterable<string | Uint8Array>;

/**
 * Writes a whole file so that a reader finds the old one or the new one, whenever the process or the machine
 * stops: a temporary file in the same folder, fsync, rename, fsync of the folder.
 * @throws MlxError `record-write`; the temporary file is then removed if that is still possible
 */
export async function writeAtomically(path: string, content: string | Uint8Array | Chunks): Promise<void> {
  const folder = dirname(path);
  const temporary = join(folder, `.${basename(path)}.${randomBytes(4).toString('hex')}.tmp`);
  const chunks = typeof content === 'string' || content instanceof Uint8Array ? [content] : content;
  try {
    await writeSynced(temporary, chunks);
    await rename(temporary, path);
    await syncFolder(folder);
  } catch (error) {
    await unlink(temporary).catch(() => {});
    throw writeFailure(error, path);
  }
}

async function writeSynced(path: string, chunks: Chunks): Promise<void> {
  const file = await open(path, 'wx');
  try {
    for (const chunk of chunks) await file.writeFile(chunk);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes the names in a folder durable. Windows has no such call, some network file systems neither. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EINVAL') throw error;
  } finally {
    await handle.close();
  }
}
