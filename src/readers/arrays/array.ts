import { dataError } from '../../errors.ts';
import type { ByteSource } from './byte-source.ts';
import { type Numbers, numbersOf } from './elements.ts';
import { LONGEST_HEADER, type NpyHeader, parseNpyHeader } from './npy-format.ts';

/** An array of NumPy's format whose header was read and fits its size. */
export interface NpyArray extends NpyHeader {
  readonly name: string;
  readonly source: ByteSource;
  /** Elements. */
  readonly count: number;
}

/** The most bytes of an array that is read into memory as a whole. */
const MOST_BYTES = 2 ** 31;
const PIECE = 2 ** 20;

const product = (sizes: readonly number[]) => sizes.reduce((a, b) => a * b, 1);
export const shapeText = (shape: readonly number[]): string => `[${shape.join(', ')}]`;

/** @throws MlxError `npy-format`, `npy-dtype`, `npy-size`, `data-empty` */
export function openArray(source: ByteSource): NpyArray {
  const { name } = source;
  const header = parseNpyHeader(name, source.peek(LONGEST_HEADER));
  const count = product(header.shape);
  if (count === 0)
    throw dataError('data-empty', `${name} is empty: its shape is ${shapeText(header.shape)}`, {
      help: 'name an array that has examples',
    });
  const expected = header.length + count * header.dtype.bytes;
  if (expected !== source.size)
    throw dataError(
      'npy-size',
      `${name}: ${shapeText(header.shape)} elements of ${header.dtype.text} are ${expected} bytes with the header; found ${source.size}`,
      { help: 'the file was cut off, or written wrongly: copy or save it again' },
    );
  return { ...header, name, source, count };
}

/** All bytes of its elements. @throws MlxError `npy-too-large`, and for damaged files */
export async function bytesOf({ name, source, length }: NpyArray): Promise<Uint8Array> {
  if (source.size > MOST_BYTES)
    throw dataError(
      'npy-too-large',
      `${name} has ${source.size} bytes; it has to be held in memory, which is done up to 2 GiB`,
      {
        help: 'save it in several files, or in the usual order: `numpy.ascontiguousarray(a)`',
      },
    );
  const out = new Uint8Array(source.size);
  let at = 0;
  for await (const piece of source.read()) {
    out.set(piece.subarray(0, out.length - at), at);
    at += piece.length;
  }
  if (at !== source.size) throw changed(name);
  return out.subarray(length);
}

const changed = (name: string) =>
  dataError('data-changed', `${name} changed while it was read`, {
    help: 'try again when nothing writes to it',
  });

/**
 * Its elements from the first to the last, the last index fastest, in pieces.
 * @throws MlxError as `bytesOf`
 */
export async function* elementsOf(array: NpyArray): AsyncGenerator<Numbers> {
  const { name, dtype, fortran, shape, source, length } = array;
  if (fortran && shape.length > 1) {
    yield* turned(numbersOf(await bytesOf(array), dtype), shape);
    return;
  }
  let skip = length;
  let total = 0;
  let rest = new Uint8Array();
  for await (const piece of source.read()) {
    total += piece.length;
    const from = Math.min(skip, piece.length);
    skip -= from;
    const bytes = rest.length > 0 ? Buffer.concat([rest, piece.subarray(from)]) : piece.subarray(from);
    const whole = bytes.length - (bytes.length % dtype.bytes);
    if (whole > 0) yield numbersOf(bytes.subarray(0, whole), dtype);
    rest = Uint8Array.from(bytes.subarray(whole));
  }
  if (total !== source.size) throw changed(name);
}

/** Reorders elements whose first index changes fastest, so that the last one does. */
function* turned(values: Numbers, shape: readonly number[]): Generator<Numbers> {
  const steps = shape.map((_, axis) => product(shape.slice(0, axis)));
  const index = new Uint32Array(shape.length);
  let from = 0;
  for (let done = 0; done < values.length; ) {
    const out = values.slice(0, Math.min(PIECE, values.length - done));
    for (let i = 0; i < out.length; i++) {
      out[i] = values[from]!;
      for (let axis = shape.length - 1; axis >= 0; axis--) {
        from += steps[axis]!;
        if (++index[axis]! < shape[axis]!) break;
        from -= steps[axis]! * shape[axis]!;
        index[axis] = 0;
      }
    }
    done += out.length;
    yield out;
  }
}
