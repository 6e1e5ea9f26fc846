import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { sha256 } from '../../base/sha256.ts';
import { dataError, MlxError } from '../../errors.ts';
import { discard, type Fetched, fetchFile, keep } from './fetch-file.ts';

/**
 * A gzip file on the web, identified by its unpacked content, since servers may compress the same bytes
 * differently.
 */
export interface Remote {
  readonly name: string;
  /** Of the unpacked content. */
  readonly sha256: string;
  readonly bytes: number;
}

/**
 * Fetches `<mirror>/<name>` from the first mirror that has the right content, into `<folder>/<name>`: whole
 * or not at all.
 * @param advice what to do by hand when no mirror answers
 * @throws MlxError `download-failed`, `data-unwritable`
 */
export async function download(
  remote: Remote,
  mirrors: readonly string[],
  folder: string,
  advice: string,
): Promise<void> {
  const notes: string[] = [];
  for (const mirror of mirrors) {
    const url = `${mirror}/${remote.name}`;
    const result = await attempt(remote, url, folder);
    if (typeof result !== 'string') return keep(result, folder, remote.name);
    notes.push(`${url}: ${result}`);
  }
  throw dataError('download-failed', `${remote.name} is not on this machine and could not be downloaded`, {
    notes: [...notes, `it belongs into ${folder}`],
    help: advice,
  });
}

/** The downloaded file, or why there is none. */
async function attempt(remote: Remote, url: string, folder: string): Promise<Fetched | string> {
  let fetched: Fetched | undefined;
  try {
    // Compressed data are hardly longer than the data.
    fetched = await fetchFile(url, folder, { bytes: remote.bytes + 65536 });
    const content = gunzipSync(await readFile(fetched.path), { maxOutputLength: remote.bytes + 1 });
    const found = sha256(content);
    if (found === remote.sha256) return fetched;
    await discard(fetched.path);
    return `its content has sha256 ${found}; expected ${remote.sha256}`;
  } catch (error) {
    if (fetched) await discard(fetched.path);
    if (error instanceof MlxError) throw error;
    return (error as Error).message;
  }
}
