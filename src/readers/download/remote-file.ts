import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '../../base/sha256.ts';
import { dataError, MlxError } from '../../errors.ts';
import type { FileFingerprint, NamedFile } from '../files/data-file.ts';
import { fingerprintFile } from '../files/fingerprints.ts';
import type { SourceContext } from '../source-context.ts';
import { checkedAddress, discard, type Fetched, fetchFile, isAddress, keep } from './fetch-file.ts';

/*
 * Downloads are kept in `<cache>/downloads/`, each under the sha256 of its content; `addresses/` there has a
 * small file for each address that says what came from it. So pinned content is found whatever address it
 * came from, and an address without a pin gives the same content until it is removed from the cache.
 */

/** The most bytes of a download. */
const MOST_BYTES = 2 ** 35;
const AT = { path: ['data', 'source', 'path'] };

const folderOf = (cache: string) => join(cache, 'downloads');
/** Where content with this hash is kept. */
export const downloadPath = (cache: string, hash: string): string => join(folderOf(cache), hash);
const notePath = (cache: string, address: string) => join(folderOf(cache), 'addresses', sha256(address));

export const SHA256 = /^[0-9a-f]{64}$/;

/** Whether a config may name it: a local path, or an address that may be fetched. */
export function isReadable(path: string): boolean {
  if (!isAddress(path)) return true;
  try {
    checkedAddress(path);
    return true;
  } catch {
    return false;
  }
}

export interface RemoteFile {
  readonly file: NamedFile;
  readonly fingerprint: FileFingerprint;
}

/**
 * The file behind an address, from the cache or downloaded into it.
 * @param pin sha256 that it must have; null accepts what was downloaded before, else what the server sends
 * now
 * @throws MlxError `download-failed`, `checksum`, `data-unwritable`, `data-empty`
 */
export async function remoteFile(
  address: string,
  pin: string | null,
  ctx: Pick<SourceContext, 'cache' | 'expected' | 'progress'>,
): Promise<RemoteFile> {
  const { cache, expected } = ctx;
  const before = expected?.find(({ name }) => name === address)?.sha256;
  for (const hash of pin !== null ? [pin] : [before, noted(cache, address)]) {
    const found = hash !== undefined && SHA256.test(hash) ? await cached(address, hash, cache) : undefined;
    if (found) return found;
  }
  const fetched = await fetchedInto(address, pin, ctx);
  if (pin !== null && fetched.sha256 !== pin) {
    await discard(fetched.path);
    throw wrongContent(address, pin, fetched.sha256);
  }
  await keep(fetched, folderOf(cache), fetched.sha256);
  await note(cache, address, fetched);
  const file = { path: downloadPath(cache, fetched.sha256), name: address };
  return { file, fingerprint: await fingerprintFile(file) };
}

/** `fetchFile` with progress and with errors for users. */
async function fetchedInto(
  address: string,
  pin: string | null,
  { cache, progress }: Pick<SourceContext, 'cache' | 'progress'>,
): Promise<Fetched> {
  let told = 0;
  try {
    return await fetchFile(address, folderOf(cache), { bytes: MOST_BYTES }, (received, total) => {
      if (Date.now() - told < 1000) return;
      told = Date.now();
      progress?.(
        `${address}: ${megabytes(received)}${total === undefined ? '' : ` of ${megabytes(total)}`} MB`,
      );
    });
  } catch (cause) {
    if (cause instanceof MlxError) throw cause;
    throw dataError('download-failed', `${address} could not be downloaded: ${(cause as Error).message}`, {
      ...AT,
      notes: [
        pin === null
          ? 'it is not in the cache of downloads either'
          : `no file with sha256 ${pin} is in the cache of downloads either`,
      ],
      help:
        pin === null
          ? 'try again later; or save the file by other means and name it in `path`'
          : `try again later; or save the file by other means as ${downloadPath(cache, pin)}`,
      cause,
    });
  }
}

const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);

/** Content from the cache, if its hash is right; a damaged file is downloaded again. */
async function cached(address: string, hash: string, cache: string): Promise<RemoteFile | undefined> {
  const file = { path: downloadPath(cache, hash), name: address };
  if (!statSync(file.path, { throwIfNoEntry: false })?.isFile()) return undefined;
  const fingerprint = await fingerprintFile(file).catch(() => undefined);
  return fingerprint?.sha256 === hash ? { file, fingerprint } : undefined;
}

function noted(cache: string, address: string): string | undefined {
  try {
    const { address: of, sha256: hash } = JSON.parse(readFileSync(notePath(cache, address), 'utf8'));
    return of === address && typeof hash === 'string' ? hash : undefined;
  } catch {
    return undefined;
  }
}

/** Notes what an address gave. If that fails, the next run downloads again. */
async function note(cache: string, address: string, { path, sha256: hash, bytes }: Fetched): Promise<void> {
  const folder = join(folderOf(cache), 'addresses');
  try {
    mkdirSync(folder, { recursive: true });
    await writeFile(path, `${JSON.stringify({ address, sha256: hash, bytes })}\n`, { flag: 'wx' });
    await keep({ path, sha256: hash, bytes }, folder, sha256(address));
  } catch {
    await discard(path);
  }
}

export function wrongContent(name: string, pin: string, found: string): MlxError {
  return dataError('checksum', `${name} is not the file that the config was written for`, {
    path: ['data', 'source', 'sha256'],
    notes: [`expected sha256 ${pin}`, `found ${found}`],
    help: 'get the right file; or, if the new content is right, write its sha256 into the config',
  });
}
