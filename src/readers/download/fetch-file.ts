import { createHash, randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { dataError } from '../../errors.ts';

/** Whether it has the form of an address, of any protocol. */
export const isAddress = (path: string): boolean => /^[a-z][a-z0-9+.-]*:\/\//i.test(path);

/** An address that may not be fetched; the message says why. */
export class Unfetchable extends Error {}

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/**
 * Parses an address that may be fetched: https, or http to this machine itself.
 * @throws Unfetchable
 */
export function checkedAddress(text: string): URL {
  if (!URL.canParse(text)) throw new Unfetchable('it is no valid address');
  const url = new URL(text);
  if (url.username !== '' || url.password !== '')
    throw new Unfetchable('it holds a user name or a password, which a run folder would keep');
  if (url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.test(url.hostname))) return url;
  throw new Unfetchable(
    url.protocol === 'http:'
      ? 'http can be changed on its way; https is read'
      : `${url.protocol}// is not read; https is`,
  );
}

export interface FetchLimits {
  /** The most bytes that are accepted. */
  readonly bytes: number;
  /** Milliseconds without a byte after which a server is given up. */
  readonly silentMs?: number;
}

/** Bytes so far, and of how many where the server says so. */
export type Progress = (received: number, total: number | undefined) => void;

export interface Fetched {
  /** A file with a temporary name in the folder: `keep` or `discard` it. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

const SILENT_MS = 60_000;
const MOST_REDIRECTS = 10;

/**
 * Fetches an address into a new file of `folder`. Redirects are followed while each step may be fetched
 * itself; from another machine none may lead to this one. On failure no file is left.
 * @throws Error that says what the server or the network did; MlxError `data-unwritable`
 */
export async function fetchFile(
  address: string,
  folder: string,
  { bytes: limit, silentMs = SILENT_MS }: FetchLimits,
  progress?: Progress,
): Promise<Fetched> {
  const silence = new AbortController();
  const alive = setTimeout(
    () => silence.abort(new Error(`the server sent nothing for ${silentMs / 1000} s`)),
    silentMs,
  );
  try {
    const response = await follow(checkedAddress(address), silence.signal);
    alive.refresh();
    const total = totalOf(response);
    if (total !== undefined && total > limit) throw tooMuch(limit);
    return await written(folder, async (put) => {
      let received = 0;
      for await (const piece of response.body ?? []) {
        received += (piece as Uint8Array).length;
        if (received > limit) throw tooMuch(limit);
        await put(piece as Uint8Array);
        alive.refresh();
        progress?.(received, total);
      }
    });
  } finally {
    clearTimeout(alive);
    silence.abort(); // the rest of the body is not needed
  }
}

/** Moves a fetched file to its name, whole or not at all. @throws MlxError `data-unwritable` */
export async function keep({ path }: Fetched, folder: string, name: string): Promise<void> {
  try {
    await rename(path, join(folder, name));
  } catch (cause) {
    await discard(path);
    throw unwritable(folder, cause);
  }
}

export const discard = (path: string): Promise<void> => rm(path, { force: true }).catch(() => {});

const tooMuch = (limit: number) => new Error(`the server sends more than ${limit} bytes`);

/** The length that the server announces, of a body that isn't compressed in transit. */
function totalOf({ headers }: Response): number | undefined {
  const length = headers.get('content-encoding') === null ? headers.get('content-length') : null;
  return length !== null && /^\d{1,15}$/.test(length) ? Number(length) : undefined;
}

async function follow(first: URL, signal: AbortSignal): Promise<Response> {
  let url = first;
  for (let hops = 0; hops <= MOST_REDIRECTS; hops++) {
    const response = await ask(url, signal);
    const to = response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || to === null) {
      if (!response.ok) throw new Error(`the server answers ${response.status}`);
      return response;
    }
    await response.body?.cancel();
    url = redirected(url, to, first);
  }
  throw new Error(`the server redirects more than ${MOST_REDIRECTS} times`);
}

function redirected(from: URL, to: string, first: URL): URL {
  const where = URL.canParse(to, from.href) ? new URL(to, from.href).href : to;
  try {
    const url = checkedAddress(where);
    if (LOOPBACK.test(url.hostname) && !LOOPBACK.test(first.hostname))
      throw new Unfetchable('it leads from another machine to this one');
    return url;
  } catch (error) {
    throw new Unfetchable(`the server redirects to ${where}: ${(error as Error).message}`);
  }
}

/** `fetch` with an error that names the cause; its own message is only "fetch failed". */
async function ask(url: URL, signal: AbortSignal): Promise<Response> {
  try {
    // No compression in transit, so that the bytes that arrive are those that are hashed.
    return await fetch(url, { redirect: 'manual', signal, headers: { 'accept-encoding': 'identity' } });
  } catch (error) {
    const { message, cause } = error as Error;
    if (!(cause instanceof Error)) throw error;
    const { code } = cause as NodeJS.ErrnoException;
    throw new Error(cause.message === '' ? `${message} (${code})` : `${message} (${cause.message})`, {
      cause,
    });
  }
}

type Put = (piece: Uint8Array) => Promise<void>;

/**
 * Under a temporary name: two processes, a kill or a full disk never leave a partial file under the final
 * one.
 */
async function written(folder: string, work: (put: Put) => Promise<void>): Promise<Fetched> {
  const path = join(folder, `${process.pid}-${randomBytes(6).toString('hex')}.part`);
  const hash = createHash('sha256');
  let bytes = 0;
  let file: FileHandle | undefined;
  const onDisk = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (cause) {
      throw unwritable(folder, cause);
    }
  };
  try {
    const handle = await onDisk(async () => {
      await mkdir(folder, { recursive: true });
      await sweep(folder);
      return open(path, 'wx', 0o600);
    });
    file = handle;
    await work(async (piece) => {
      hash.update(piece);
      bytes += piece.length;
      await onDisk(() => handle.writeFile(piece));
    });
    await onDisk(() => handle.sync());
    await handle.close();
    return { path, bytes, sha256: hash.digest('hex') };
  } catch (error) {
    await file?.close().catch(() => {});
    await discard(path);
    throw error;
  }
}

/** Removes what killed processes left behind: files that nobody has written to for a day. */
async function sweep(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!/^\d+-[0-9a-f]{12}\.part$/.test(name)) continue;
    const found = await stat(join(folder, name)).catch(() => undefined);
    if (found && found.mtimeMs < Date.now() - 86_400_000) await discard(join(folder, name));
  }
}

function unwritable(folder: string, cause: unknown) {
  return dataError(
    'data-unwritable',
    `a download can't be written into ${folder}: ${(cause as Error).message}`,
    {
      help: 'free space there, or give this user the right to write',
      cause,
    },
  );
}
