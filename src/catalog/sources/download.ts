import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { dataError } from '../../errors.ts';
import { sha256 } from './files.ts';

/** A gzip file on the web, known by its content: a server may pack the same bytes otherwise. */
export interface Remote {
  readonly name: string;
  /** Of the unpacked content. */
  readonly sha256: string;
  readonly bytes: number;
}

/**
 * Fetches `<mirror>/<name>` from the first mirror that has the right content, into `<folder>/<name>`: whole or not at all.
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
    const result = await attempt(remote, url);
    if (typeof result !== 'string') return save(result, folder, remote.name);
    notes.push(`${url}: ${result}`);
  }
  throw dataError('download-failed', `${remote.name} is not on this machine and could not be downloaded`, {
    notes: [...notes, `it belongs into ${folder}`],
    help: advice,
  });
}

/** The packed bytes, or why not. */
async function attempt(remote: Remote, url: string): Promise<Uint8Array | string> {
  try {
    const response = await fetch(url);
    if (!response.ok) return `the server answers ${response.status}`;
    const packed = await body(response, remote.bytes + 65536);
    const content = gunzipSync(packed, { maxOutputLength: remote.bytes + 1 });
    const found = sha256(content);
    return found === remote.sha256 ? packed : `its content has sha256 ${found}; expected ${remote.sha256}`;
  } catch (error) {
    const { message, cause } = error as Error;
    return cause instanceof Error && cause.message !== '' ? `${message} (${cause.message})` : message;
  }
}

/** Stops a server that sends without end: packed data is hardly longer than the data. */
async function body(response: Response, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > limit) throw new Error(`the server sends more than ${limit} bytes`);
  }
  return Buffer.concat(chunks);
}

/** Under a name of its own first, so that two processes or a full disk never leave a torn file. */
async function save(content: Uint8Array, folder: string, name: string): Promise<void> {
  const temporary = join(folder, `${name}.${process.pid}.part`);
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(temporary, content, { flush: true });
    await rename(temporary, join(folder, name));
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => {});
    throw dataError(
      'data-unwritable',
      `${name} can't be written into ${folder}: ${(cause as Error).message}`,
      {
        help: 'free space there, or give this user the right to write',
        cause,
      },
    );
  }
}
