import { gunzipSync, constants as zlib } from 'node:zlib';
import { sha256 } from '../../base/sha256.ts';
import { dataError } from '../../errors.ts';
import type { FileFingerprint } from '../files/data-file.ts';
import { fingerprint, type NamedFile, peek, readDataFile } from '../files/data-file.ts';

/**
 * The MNIST file format (yann.lecun.com/exdb/mnist): two zero bytes, the element type, the number of
 * dimensions, each size as a big-endian uint32, then the elements in row-major order. Only unsigned
 * bytes are read. A file is taken as gzip by its first two bytes, whatever its name is.
 */
export interface IdxFile {
  readonly sizes: readonly number[];
  /** The elements; `sizes` multiplied is their count. */
  readonly content: Uint8Array;
  readonly file: FileFingerprint;
}

const UNSIGNED_BYTE = 0x08;
const TYPES: Readonly<Record<number, string>> = {
  8: 'unsigned bytes',
  9: 'signed bytes',
  11: 'int16',
  12: 'int32',
  13: 'float32',
  14: 'float64',
};
const WHAT: Readonly<Record<number, string>> = { 1: 'labels', 3: 'images' };
/** More bytes than any compressed header needs; the first bytes of a gzip file can be unpacked from them. */
const PEEK = 4096;
const LIMIT = 2 ** 31;

/** The most bytes that one byte of deflated data can expand to, rounded up. */
const GROWTH = 1040;

const headerLength = (rank: number) => 4 + 4 * rank;
const isGzip = (bytes: Uint8Array) => bytes[0] === 0x1f && bytes[1] === 0x8b;
const hex = (value: number) => `0x${value.toString(16).padStart(8, '0')}`;

/** Unpacks what it can from the first bytes of a longer gzip file. */
const unpackStart = (bytes: Uint8Array): Uint8Array =>
  gunzipSync(bytes.subarray(0, PEEK), { finishFlush: zlib.Z_SYNC_FLUSH });

/**
 * Sizes from the first bytes of an unpacked file.
 * @throws MlxError `idx-truncated`, `idx-magic`, `idx-empty`.
 */
function parseHeader(name: string, start: Uint8Array, rank: number): number[] {
  const length = headerLength(rank);
  if (start.length < 4)
    throw dataError('idx-truncated', `${name}: an IDX header has ${length} bytes; found ${start.length}`);
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  const magic = view.getUint32(0);
  const expected = UNSIGNED_BYTE * 256 + rank;
  if (magic !== expected) throw wrongMagic(name, magic, expected, rank);
  if (start.length < length)
    throw dataError('idx-truncated', `${name}: an IDX header has ${length} bytes; found ${start.length}`);
  const sizes = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i));
  if (sizes.includes(0))
    throw dataError('idx-empty', `${name} holds no ${WHAT[rank]}: its header says ${sizes.join(' x ')}`);
  return sizes;
}

function wrongMagic(name: string, magic: number, expected: number, rank: number) {
  const [type, dimensions] = [(magic >>> 8) & 0xff, magic & 0xff];
  const message = `${name}: the magic number of IDX ${WHAT[rank]} is ${hex(expected)}; found ${hex(magic)}`;
  if (magic >>> 16 !== 0 || TYPES[type] === undefined)
    return dataError('idx-magic', message, { help: 'name a file in the IDX format, .gz or not' });
  if (type !== UNSIGNED_BYTE)
    return dataError('idx-magic', `${message} (${TYPES[type]})`, {
      help: 'store the elements as unsigned bytes',
    });
  const what = WHAT[dimensions] ?? `${dimensions} dimensions`;
  return dataError('idx-magic', `${message} (${what})`, {
    help:
      WHAT[dimensions] === undefined
        ? 'images have 3 dimensions (count, height, width), labels have 1'
        : 'exchange the paths of `images` and `labels`',
  });
}

/** The whole content, in no more memory than the header announces. */
function unpack(name: string, bytes: Uint8Array, expected: number): Uint8Array {
  try {
    // Allocated at once. Deflate can't expand further than this, so a wrong header gets no memory.
    const chunkSize = Math.max(64, Math.min(expected + 1, bytes.length * GROWTH));
    return gunzipSync(bytes, { maxOutputLength: expected + 1, chunkSize });
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === 'ERR_BUFFER_TOO_LARGE')
      throw dataError(
        'idx-trailing',
        `${name}: its header announces ${expected} bytes; it goes on after them`,
        {
          cause,
        },
      );
    throw brokenGzip(name, cause);
  }
}

function brokenGzip(name: string, cause: unknown) {
  const cut = (cause as NodeJS.ErrnoException).code === 'Z_BUF_ERROR';
  const reason = cut ? 'it ends too early' : (cause as Error).message;
  return dataError('gzip-corrupt', `${name} is a damaged gzip file: ${reason}`, {
    help: 'copy or download it again',
    cause,
  });
}

/**
 * Reads and checks a whole IDX file of unsigned bytes.
 * @param rank 3 for images `[count, height, width]`, 1 for labels `[count]`
 * @throws MlxError with exit code 3
 */
export async function readIdx(file: NamedFile, rank: 1 | 3): Promise<IdxFile> {
  const { name } = file;
  const bytes = await readDataFile(file);
  if (bytes.length === 0) throw dataError('idx-empty', `${name} is empty: it has 0 bytes`);
  let start = bytes;
  try {
    if (isGzip(bytes)) start = unpackStart(bytes);
  } catch (cause) {
    throw brokenGzip(name, cause);
  }
  const sizes = parseHeader(name, start, rank);
  const expected = sizes.reduce((a, b) => a * b, 1) + headerLength(rank);
  if (expected > LIMIT)
    throw dataError(
      'idx-too-large',
      `${name}: its header says ${sizes.join(' x ')}; files over 2 GiB aren't read`,
    );
  const plain = isGzip(bytes) ? unpack(name, bytes, expected) : bytes;
  const says = `${name}: its header says ${sizes.join(' x ')}, that is ${expected} bytes; found ${plain.length}`;
  if (plain.length < expected)
    throw dataError('idx-truncated', says, { help: 'the file was cut off: copy or download it again' });
  if (plain.length > expected) throw dataError('idx-trailing', says);
  if (file.content !== undefined && sha256(plain) !== file.content)
    throw dataError('checksum', `${name} isn't the file that everybody knows by this name`, {
      notes: [
        `looked at ${file.path}`,
        `expected sha256 ${file.content}`,
        `found ${sha256(plain)} (unpacked)`,
      ],
      help: 'delete it to get a new copy; for data of your own, name the folder in `path`',
    });
  return { sizes, content: plain.subarray(headerLength(rank)), file: fingerprint(name, bytes) };
}

/** Sizes in the header of a file, without reading the rest; undefined when that isn't possible. */
export function peekIdx(path: string, rank: 1 | 3): readonly number[] | undefined {
  const bytes = peek(path, PEEK);
  if (bytes === undefined) return undefined;
  try {
    return parseHeader(path, isGzip(bytes) ? unpackStart(bytes) : bytes, rank);
  } catch {
    return undefined; // `read` will say what is wrong
  }
}

/** The labels of a small file, synchronously; undefined when it is absent, damaged or over 1 MiB. */
export function peekLabels(path: string): Uint8Array | undefined {
  const limit = 2 ** 20;
  const sizes = peekIdx(path, 1);
  const bytes = peek(path, limit);
  if (sizes === undefined || bytes === undefined || bytes.length === limit) return undefined;
  try {
    const expected = sizes[0]! + headerLength(1);
    const plain = isGzip(bytes) ? unpack(path, bytes, expected) : bytes;
    return plain.length === expected ? plain.subarray(headerLength(1)) : undefined;
  } catch {
    return undefined;
  }
}
