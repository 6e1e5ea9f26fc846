import { createHash } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import { endianness } from 'node:os';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { sha256 } from '../base/sha256.ts';
import type { Config } from '../config/config.ts';
import { dataSeed } from '../config/data-seed.ts';
import type { FileFingerprint } from '../readers/files/data-file.ts';
import { readNumbers } from '../readers/files/number-file.ts';
import { openScratch } from '../readers/files/scratch.ts';
import { attach, type Blob, bytesPer, detach, inMemory } from './snapshot.ts';

/**
 * Prepared data as files of the cache folder, one for each key:
 *
 *   blobs, each at a multiple of 8 | plain data (V8's structured clone) |
 *   32 bytes: SHA-256 of all before | 16 bytes: length of the plain data, MAGIC
 *
 * A file is written under another name and renamed, so that it is whole or doesn't exist. A file with a wrong
 * hash, after a crash of the machine for example, is ignored.
 */
const MAGIC = 0x6d6c7831; // mlx1
const TAIL = 48;
/** The most bytes of all entries together; the least recently used ones are removed first. */
const MOST_BYTES = 2 ** 34;
const PIECE = 2 ** 20;

/**
 * Which code prepared the data: the build's hash; undefined when mlx runs from its sources, where nothing is
 * cached.
 */
export function buildOf(): string | undefined {
  try {
    return readFileSync(new URL('./build-id', import.meta.url), 'utf8');
  } catch {
    return undefined;
  }
}

/** The key of what this code makes from these files and this data section. */
export function cacheKey(
  { task, seed, data }: Pick<Config, 'task' | 'seed' | 'data'>,
  files: readonly FileFingerprint[],
  build: string,
): string {
  const code = { build, node: process.version, arch: process.arch, endianness: endianness() };
  const text = JSON.stringify({
    code,
    task,
    seed: dataSeed({ seed, data }),
    ...((data.split?.subsample ?? 1) < 1 && { subsample: seed }),
    data: { ...data, seed: null },
    files,
  });
  return sha256(text).slice(0, 40);
}

const folderOf = (cache: string) => join(cache, 'prepared');

/** The entry of a key; undefined where there is none, or it is damaged. */
export function readEntry(cache: string, key: string, held: number): unknown {
  const path = join(folderOf(cache), key);
  let handle: number | undefined;
  let keep = false;
  try {
    handle = openSync(path, 'r');
    const { size } = fstatSync(handle);
    const tail = Buffer.alloc(TAIL);
    if (size < TAIL || !readAt(handle, tail, size - TAIL)) return undefined;
    if (tail.readUInt32LE(40) !== MAGIC) return undefined;
    if (!hashOf(handle, size - TAIL).equals(tail.subarray(0, 32))) return undefined;
    const plain = Buffer.alloc(Number(tail.readBigUInt64LE(32)));
    const end = size - TAIL - plain.length;
    if (!readAt(handle, plain, end)) return undefined;
    const { value, at } = deserialize(plain) as { value: unknown; at: number[] };
    const inFile = end > held;
    const out = attach(value, (index, kind, length): Blob => {
      // Only the values of examples are large; everything else is read into memory.
      if (inFile && kind === 'Float32Array' && length * bytesPer(kind) > held / 16) {
        keep = true;
        return { handle: handle!, length, offset: at[index]! };
      }
      return inMemory(kind, length, (bytes) => readAt(handle!, bytes, at[index]!));
    });
    const now = new Date();
    utimesSync(path, now, now);
    return out;
  } catch {
    keep = false;
    return undefined;
  } finally {
    if (handle !== undefined && !keep) closeSync(handle);
  }
}

function readAt(handle: number, out: Uint8Array, position: number): boolean {
  for (let done = 0; done < out.length; ) {
    const read = readSync(handle, out, done, Math.min(out.length - done, 2 ** 30), position + done);
    if (read === 0) return false;
    done += read;
  }
  return true;
}

function hashOf(handle: number, length: number): Buffer {
  const hash = createHash('sha256');
  const piece = Buffer.alloc(PIECE);
  for (let at = 0; at < length; at += PIECE) {
    const part = piece.subarray(0, Math.min(PIECE, length - at));
    if (!readAt(handle, part, at)) break;
    hash.update(part);
  }
  return hash.digest();
}

/** Stores a value under the key. A value that can't be written isn't stored, without an error. */
export function writeEntry(cache: string, key: string, value: unknown): boolean {
  const scratch = openScratch(cache);
  try {
    const { plain, blobs } = detach(value);
    const folder = folderOf(cache);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const temporary = join(scratch.path(), key);
    const handle = openSync(temporary, 'wx', 0o600);
    try {
      writeTo(handle, plain, blobs);
    } finally {
      closeSync(handle);
    }
    renameSync(temporary, join(folder, key));
    sweep(folder, key);
    return true;
  } catch {
    return false;
  } finally {
    try {
      scratch.remove();
    } catch {
      // What remains is removed at the next start.
    }
  }
}

function writeTo(handle: number, plain: unknown, blobs: readonly Blob[]): void {
  const hash = createHash('sha256');
  let length = 0;
  const add = (bytes: Uint8Array) => {
    for (let done = 0; done < bytes.length; ) done += writeSync(handle, bytes, done);
    hash.update(bytes);
    length += bytes.length;
  };
  const at = blobs.map((blob) => {
    add(new Uint8Array((8 - (length % 8)) % 8));
    const start = length;
    for (const bytes of piecesOf(blob)) add(bytes);
    return start;
  });
  const text = serialize({ value: plain, at });
  add(text);
  const tail = Buffer.alloc(TAIL);
  hash.digest().copy(tail);
  tail.writeBigUInt64LE(BigInt(text.length), 32);
  tail.writeUInt32LE(MAGIC, 40);
  for (let done = 0; done < TAIL; ) done += writeSync(handle, tail, done);
}

function* piecesOf(blob: Blob): Generator<Uint8Array> {
  if (!('handle' in blob)) {
    const bytes = new Uint8Array(blob.buffer, blob.byteOffset, blob.byteLength);
    // A copy of each piece, since hashes can't read shared memory.
    for (let from = 0; from < bytes.length; from += PIECE) yield bytes.slice(from, from + PIECE);
    return;
  }
  const piece = new Float32Array(PIECE / 4);
  for (let from = 0; from < blob.length; from += piece.length) {
    const part = piece.subarray(0, Math.min(piece.length, blob.length - from));
    readNumbers(blob, from, part);
    yield new Uint8Array(part.buffer, 0, part.byteLength);
  }
}

function sweep(folder: string, newest: string): void {
  const entries = readdirSync(folder)
    .map((name) => ({ name, found: statSync(join(folder, name), { throwIfNoEntry: false }) }))
    .filter(({ found }) => found)
    .sort((a, b) => b.found!.mtimeMs - a.found!.mtimeMs);
  let total = 0;
  for (const { name, found } of entries) {
    total += found!.size;
    if (total > MOST_BYTES && name !== newest) rmSync(join(folder, name), { force: true });
  }
}
