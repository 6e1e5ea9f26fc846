import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { open } from 'node:fs/promises';
import zlib, { crc32, createInflateRaw, inflateRawSync } from 'node:zlib';
import { dataError } from '../../errors.ts';
import type { NamedFile } from '../files/data-file.ts';
import type { ByteSource } from './byte-source.ts';

/**
 * The zip format as `numpy.savez` and similar tools write it: one disk, entries stored or deflated, sizes
 * beyond 4 GiB (zip64), no encryption. Sizes come from the central directory and are checked against the
 * bytes that are read. https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
const END = 0x06054b50;
const END64 = 0x06064b50;
const END64_LOCATOR = 0x07064b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const LONGEST_COMMENT = 65_535;
const LARGEST_DIRECTORY = 2 ** 24;
/** The most bytes that one byte of deflated data can expand to, rounded up. */
const GROWTH = 1040;
const PIECE = 2 ** 20;

interface Entry {
  readonly method: 0 | 8;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  /** Offset of its local header. */
  readonly at: number;
}

const broken = (name: string, what: string, cause?: unknown) =>
  dataError('npz-format', `${name} can't be read as a zip file: ${what}`, {
    help: 'name a file that numpy.savez or numpy.savez_compressed wrote; copy or download it again if it is one',
    cause,
  });

/**
 * The entries of a zip file by name. Synchronous, because `describe` needs it.
 * @throws MlxError `npz-format`
 */
export function zipEntries(file: NamedFile): ReadonlyMap<string, ByteSource> {
  const handle = openSync(file.path, 'r');
  try {
    const { size } = fstatSync(handle);
    const read = (at: number, length: number): Buffer => {
      if (at < 0 || at + length > size) throw broken(file.name, 'it is cut off, or no zip file at all');
      const out = Buffer.alloc(length);
      for (let done = 0; done < length; ) {
        const got = readSync(handle, out, done, length - done, at + done);
        if (got === 0) throw broken(file.name, 'it is cut off');
        done += got;
      }
      return out;
    };
    const { at, length, count } = directoryOf(file.name, read, size);
    const found = new Map<string, ByteSource>();
    for (const [name, entry] of entriesIn(file.name, read(at, length), count)) {
      if (found.has(name)) throw broken(file.name, `it has two entries ${name}`);
      const header = read(entry.at, 30);
      if (header.readUInt32LE(0) !== LOCAL) throw broken(file.name, `the entry ${name} has no header`);
      const nameEnd = entry.at + 30 + header.readUInt16LE(26);
      if (read(entry.at + 30, nameEnd - entry.at - 30).toString('utf8') !== name)
        throw broken(file.name, `the entry ${name} has another name at its place`);
      const start = nameEnd + header.readUInt16LE(28);
      const grown = entry.method === 0 ? entry.packed : entry.packed * GROWTH;
      if (start + entry.packed > size || entry.size > grown || (entry.method === 0 && entry.size !== grown))
        throw broken(file.name, `the entry ${name} can't have the ${entry.size} bytes that are announced`);
      found.set(name, bytesOf(file, name, entry, start));
    }
    return found;
  } finally {
    closeSync(handle);
  }
}

type Read = (at: number, length: number) => Buffer;

function directoryOf(name: string, read: Read, size: number) {
  const length = Math.min(size, 22 + LONGEST_COMMENT);
  const tail = read(size - length, length);
  let end = length - 22;
  while (end >= 0 && tail.readUInt32LE(end) !== END) end--;
  if (end < 0) throw broken(name, 'it has no directory at its end');
  let [count, bytes, at] = [
    tail.readUInt16LE(end + 10),
    tail.readUInt32LE(end + 12),
    tail.readUInt32LE(end + 16),
  ];
  if (end >= 20 && tail.readUInt32LE(end - 20) === END64_LOCATOR) {
    const large = read(Number(tail.readBigUInt64LE(end - 12)), 56);
    if (large.readUInt32LE(0) !== END64) throw broken(name, 'its zip64 directory is damaged');
    [count, bytes, at] = [32, 40, 48].map((field) => Number(large.readBigUInt64LE(field))) as [
      number,
      number,
      number,
    ];
  }
  if (bytes > LARGEST_DIRECTORY) throw broken(name, `its directory has ${bytes} bytes`);
  return { at, length: bytes, count };
}

function* entriesIn(file: string, directory: Buffer, count: number): Generator<readonly [string, Entry]> {
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (at + 46 > directory.length || directory.readUInt32LE(at) !== CENTRAL)
      throw broken(file, 'its directory is damaged');
    const [flags, method] = [directory.readUInt16LE(at + 8), directory.readUInt16LE(at + 10)];
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) =>
      directory.readUInt16LE(at + field),
    ) as [number, number, number];
    const extra = at + 46 + nameLength;
    const next = extra + extraLength + commentLength;
    if (next > directory.length) throw broken(file, 'its directory is damaged');
    const name = directory.toString('utf8', at + 46, extra);
    if (flags & 1) throw broken(file, `the entry ${name} is encrypted`);
    if (method !== 0 && method !== 8)
      throw broken(file, `the entry ${name} is packed by method ${method}; 0 and 8 are read`);
    const [size, packed, place] = sizesOf(directory, at, directory.subarray(extra, extra + extraLength));
    yield [name, { method, crc: directory.readUInt32LE(at + 16), packed, size, at: place }];
    at = next;
  }
}

/** Size, compressed size and offset; from zip64's extra field where the usual fields are full. */
function sizesOf(directory: Buffer, at: number, extra: Buffer): [number, number, number] {
  const usual = [24, 20, 42].map((field) => directory.readUInt32LE(at + field));
  let large: Buffer = Buffer.alloc(0);
  for (let i = 0; i + 4 <= extra.length; i += 4 + extra.readUInt16LE(i + 2))
    if (extra.readUInt16LE(i) === 1) large = extra.subarray(i + 4, i + 4 + extra.readUInt16LE(i + 2));
  let next = 0;
  return usual.map((value) => {
    if (value !== 0xffffffff || next + 8 > large.length) return value;
    next += 8;
    return Number(large.readBigUInt64LE(next - 8));
  }) as [number, number, number];
}

function bytesOf(
  file: NamedFile,
  entry: string,
  { method, crc, packed, size }: Entry,
  start: number,
): ByteSource {
  const name = `${file.name}: ${entry.replace(/\.npy$/, '')}`;
  return {
    name,
    size,
    peek(limit, most = limit * GROWTH) {
      const handle = openSync(file.path, 'r');
      try {
        const bytes = Buffer.alloc(Math.min(limit, packed));
        const got = readSync(handle, bytes, 0, bytes.length, start);
        if (method === 0) return bytes.subarray(0, got);
        return inflateRawSync(bytes.subarray(0, got), {
          finishFlush: zlib.constants.Z_SYNC_FLUSH,
          maxOutputLength: most,
        });
      } catch (cause) {
        throw broken(name, (cause as Error).message, cause);
      } finally {
        closeSync(handle);
      }
    },
    async *read() {
      let [length, sum] = [0, 0];
      const handle = await open(file.path, 'r');
      try {
        const from = handle.createReadStream({
          start,
          end: start + packed - 1,
          highWaterMark: PIECE,
          autoClose: false,
        });
        const unpack = createInflateRaw({ chunkSize: PIECE });
        if (method !== 0) from.on('error', (error) => unpack.destroy(error)).pipe(unpack);
        const pieces: AsyncIterable<Buffer> = packed === 0 ? none() : method === 0 ? from : unpack;
        for await (const piece of pieces) {
          length += piece.length;
          if (length > size) throw broken(name, `it goes on after the ${size} bytes that are announced`);
          sum = crc32(piece, sum);
          yield piece;
        }
      } catch (cause) {
        if (cause instanceof Error && !('exit' in cause)) throw broken(name, cause.message, cause);
        throw cause;
      } finally {
        await handle.close();
      }
      if (length < size) throw broken(name, `it ends after ${length} of ${size} bytes`);
      if (sum !== crc) throw broken(name, 'its checksum is wrong');
    },
  };
}

async function* none(): AsyncGenerator<Buffer> {}
