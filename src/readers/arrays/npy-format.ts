import { dataError } from '../../errors.ts';
import { parseLiteral } from './python-literal.ts';

/** The type of an array's elements. */
export interface Dtype {
  /** As the file says it: `<f4`. */
  readonly text: string;
  /** b: bool; i, u: whole numbers; f: floats; U: texts of 4-byte characters; S: of bytes. */
  readonly kind: 'b' | 'i' | 'u' | 'f' | 'U' | 'S';
  /** Bytes of an element. */
  readonly bytes: number;
  readonly big: boolean;
}

export interface NpyHeader {
  readonly dtype: Dtype;
  /** The first index changes fastest, as in Fortran. */
  readonly fortran: boolean;
  readonly shape: readonly number[];
  /** Bytes before the first element. */
  readonly length: number;
}

/** More than any header of plain numbers needs. */
export const LONGEST_HEADER = 4096;
const MAGIC = Buffer.from('\x93NUMPY', 'latin1');
const MOST_RANK = 32;
const SIZES: Readonly<Record<string, readonly number[]>> = {
  b: [1],
  i: [1, 2, 4, 8],
  u: [1, 2, 4, 8],
  f: [2, 4, 8],
};
const OTHERS: Readonly<Record<string, string>> = {
  O: 'Python objects, which only running code of the file could make again',
  c: 'complex numbers',
  M: 'dates',
  m: 'spans of time',
  V: 'records',
};

const wrong = (
  name: string,
  what: string,
  help = 'name a file that numpy.save wrote, or an array of a numpy.savez file',
) => dataError('npy-format', `${name}: ${what}`, { help });

/**
 * The header of an array in NumPy's format, versions 1 to 3 (numpy/lib/format.py). It is a Python literal,
 * which is parsed and never run.
 * @param start the first bytes: the whole header, or all there is
 * @throws MlxError `npy-format`, `npy-dtype`
 */
export function parseNpyHeader(name: string, start: Uint8Array): NpyHeader {
  const bytes = Buffer.from(start.buffer, start.byteOffset, start.byteLength);
  if (bytes.length < 10 || !bytes.subarray(0, 6).equals(MAGIC))
    throw wrong(name, 'it is no array in NumPy’s format');
  const version = bytes[6]!;
  if (version < 1 || version > 3) throw wrong(name, `version ${version} of NumPy's format is unknown`);
  const before = version === 1 ? 10 : 12;
  if (bytes.length < before) throw wrong(name, 'it is cut off');
  const length = version === 1 ? bytes.readUInt16LE(8) : bytes.readUInt32LE(8);
  if (length > LONGEST_HEADER - before) throw wrong(name, `its header has ${length} bytes`);
  if (bytes.length < before + length) throw wrong(name, 'it is cut off');
  const text = bytes.toString(version === 3 ? 'utf8' : 'latin1', before, before + length);
  const fields = parseLiteral(text);
  if (!(fields instanceof Map)) throw wrong(name, 'its header is damaged');
  const [descr, fortran, shape] = ['descr', 'fortran_order', 'shape'].map((key) => fields.get(key));
  if (fields.size !== 3 || descr === undefined || typeof fortran !== 'boolean' || !isShape(shape))
    throw wrong(name, 'its header is damaged');
  return { dtype: dtypeOf(name, descr), fortran, shape, length: before + length };
}

const isShape = (value: unknown): value is number[] =>
  Array.isArray(value) && value.length <= MOST_RANK && value.every((n) => Number.isSafeInteger(n) && n >= 0);

function dtypeOf(name: string, descr: unknown): Dtype {
  const refuse = (what: string, help: string) => dataError('npy-dtype', `${name} holds ${what}`, { help });
  if (typeof descr !== 'string')
    throw refuse(
      'records with several fields',
      'save each field as an array of its own: `numpy.savez(f, x=a["x"])`',
    );
  const found = /^([<>=|])?([a-zA-Z])(\d{0,6})(?:\[\w{1,8}\])?$/.exec(descr);
  if (!found) throw wrong(name, `the type ${JSON.stringify(descr.slice(0, 40))} is unknown`);
  const [, order = '|', kind, digits] = found as unknown as [string, string | undefined, string, string];
  const size = Number(digits);
  const base = { text: descr, big: order === '>' };
  if ((kind === 'U' || kind === 'S') && size > 0)
    return { ...base, kind, bytes: size * (kind === 'U' ? 4 : 1) };
  if (SIZES[kind]?.includes(size)) return { ...base, kind: kind as Dtype['kind'], bytes: size };
  throw refuse(
    OTHERS[kind] ?? `numbers of the type ${descr}`,
    'convert it before saving: `a.astype("float32")`, or for classes `a.astype(str)`',
  );
}
