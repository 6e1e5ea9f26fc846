import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sources } from '../../src/catalog/sources/index.ts';
import { EXIT, MlxError } from '../../src/errors.ts';
import { elementsOf, openArray } from '../../src/readers/arrays/array.ts';
import { fileBytes } from '../../src/readers/arrays/byte-source.ts';
import { textsOf } from '../../src/readers/arrays/elements.ts';
import { parseNpyHeader } from '../../src/readers/arrays/npy-format.ts';
import { parseLiteral } from '../../src/readers/arrays/python-literal.ts';
import { closeNumbers, readNumbers } from '../../src/readers/files/number-file.ts';
import type { SourceContext } from '../../src/readers/source-context.ts';
import { context, failure, folder } from './helpers.ts';

interface Fixture {
  npy: Record<string, { npy: string; shape: number[]; values: (number | string | boolean)[] }>;
  npz: Record<string, string>;
  bad: Record<string, string>;
}
const { npy, npz, bad }: Fixture = JSON.parse(
  readFileSync(join(import.meta.dirname, '../fixtures/arrays.json'), 'utf8'),
);
const bytes = (base64: string) => Buffer.from(base64, 'base64');

/** One array as `numpy.save` would write it, with any header. */
function npyBytes(header: string, content: Uint8Array = new Uint8Array(), version = 1): Buffer {
  const text = Buffer.from(`${header}\n`, 'latin1');
  const start = Buffer.alloc(version === 1 ? 10 : 12);
  start.write('\x93NUMPY', 'latin1');
  start[6] = version;
  if (version === 1) start.writeUInt16LE(text.length, 8);
  else start.writeUInt32LE(text.length, 8);
  return Buffer.concat([start, text, content]);
}
const array = (descr: string, shape: number[], content: Uint8Array) =>
  npyBytes(
    `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.map((n) => `${n},`).join(' ')}), }`,
    content,
  );
const floats = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer);

interface ZipEntry {
  readonly name: string;
  readonly content: Uint8Array;
  readonly method?: number;
  readonly flags?: number;
  readonly size?: number;
  readonly crc?: number;
}
/** A zip file with whatever the entries claim. */
function zipBytes(entries: readonly ZipEntry[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const {
    name,
    content,
    method = 8,
    flags = 0,
    size = content.length,
    crc = crc32(content),
  } of entries) {
    const packed = method === 8 ? deflateRawSync(content) : Buffer.from(content);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(name.length, 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(flags, 8);
    central.writeUInt16LE(method, 10);
    central.writeUInt32LE(crc, 16);
    central.writeUInt32LE(packed.length, 20);
    central.writeUInt32LE(size, 24);
    central.writeUInt16LE(name.length, 28);
    central.writeUInt32LE(at, 42);
    parts.push(local, Buffer.from(name), packed);
    directory.push(central, Buffer.from(name));
    at += 30 + name.length + packed.length;
  }
  const all = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(all.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, all, end]);
}

const source = sources.get('npz')!;
async function read(file: Uint8Array, params: object = {}, more: Partial<SourceContext> = {}) {
  const path = folder();
  writeFileSync(join(path, 'f.npz'), file);
  const ctx = context({ folder: path, cache: folder(), ...more });
  const parsed = source.schema.parse({ path: 'f.npz', ...params });
  const raw = await source.read(parsed, ctx);
  const { shape, target, count } = raw;
  // What a look at the headers says is what reading finds.
  expect(source.describe(parsed, ctx)).toEqual({ shape, target, count });
  return raw;
}

describe('arrays that NumPy wrote', () => {
  it.each(Object.entries(npy))('%s', async (_, { npy, shape, values }) => {
    const path = join(folder(), 'a.npy');
    writeFileSync(path, bytes(npy));
    const opened = openArray(fileBytes({ path, name: 'a.npy' }));
    expect(opened.shape).toEqual(shape);
    if (typeof values[0] === 'string') {
      expect(textsOf(bytes(npy).subarray(opened.length), opened.dtype)).toEqual(values);
      return;
    }
    const found: number[] = [];
    for await (const piece of elementsOf(opened)) found.push(...piece);
    expect(found).toEqual(values.map(Number));
  });
});

describe('npz', () => {
  it.each(['keras', 'keras stored'])(
    '%s: pictures as bytes, with the parts that they came in',
    async (name) => {
      const raw = await read(bytes(npz[name]!));
      expect(raw).toMatchObject({ shape: [2, 4, 1], count: 6, train: 4 });
      expect(raw.target).toEqual({ kind: 'class', classes: ['0', '1', '2'] });
      expect([...raw.x]).toEqual(Array.from({ length: 48 }, (_, i) => (i * 7) % 256));
      expect(raw.x).toBeInstanceOf(Uint8Array);
      expect([...raw.y]).toEqual([0, 1, 2, 1, 0, 2]);
      expect(raw.files).toMatchObject([{ name: 'f.npz', bytes: bytes(npz[name]!).length }]);
    },
  );

  it('rows of numbers are columns with holes; texts are classes', async () => {
    const raw = await read(bytes(npz['rows']!));
    expect(raw).toMatchObject({ shape: [2], count: 3, columns: [{ name: 'column1' }, { name: 'column2' }] });
    expect(raw.target).toEqual({ kind: 'class', classes: ['a', 'b'] });
    expect([...raw.x]).toEqual([1, Number.NaN, 3, 4, 5, 6]);
    expect([...raw.y]).toEqual([1, 0, 1]);
  });

  it('arrays by name, and names for classes', async () => {
    const params = { features: 'x_test', target: 'y_test', classes: ['p', 'q', 'r'] };
    const raw = await read(bytes(npz['keras']!), params);
    expect(raw).toMatchObject({ count: 2 });
    expect(raw.train).toBeUndefined();
    expect(raw.target).toEqual({ kind: 'class', classes: ['p', 'q', 'r'] });
    expect([...raw.y]).toEqual([0, 2]);
  });

  it('targets of a regression may have several columns', async () => {
    const x = array('<f4', [2], floats(1, 2));
    const y = array('<f4', [2, 2], floats(1, 2, 3, 4));
    const zip = zipBytes([
      { name: 'x.npy', content: x },
      { name: 'y.npy', content: y },
    ]);
    const raw = await read(zip, {}, { task: 'regression' });
    expect(raw.target).toEqual({ kind: 'number', columns: ['target1', 'target2'] });
    expect([...raw.y]).toEqual([1, 2, 3, 4]);
    expect(raw.shape).toEqual([1]);
  });

  it('the same values on disk', async () => {
    const raw = await read(bytes(npz['rows']!), {}, { limits: { loaded: 0, held: 8 } });
    const values = new Float32Array(6);
    readNumbers(raw.file!, 0, values);
    closeNumbers(raw.file);
    expect([...values]).toEqual([1, Number.NaN, 3, 4, 5, 6]);
  });

  const x = array('<f4', [2, 2], floats(1, 2, 3, 4));
  const y = array('|u1', [2], Uint8Array.of(0, 1));
  const pair = (a: Partial<ZipEntry>, b: Partial<ZipEntry> = {}) =>
    zipBytes([
      { name: 'x.npy', content: x, ...a },
      { name: 'y.npy', content: y, ...b },
    ]);
  it.each<[string, Buffer, string, RegExp]>([
    ['no zip file', Buffer.from('PK?'), 'npz-format', /no directory/],
    ['cut off', bytes(npz['keras']!).subarray(0, 300), 'npz-format', /no directory/],
    ['encrypted', pair({ flags: 1 }), 'npz-format', /encrypted/],
    ['packed otherwise', pair({ method: 12 }), 'npz-format', /method 12/],
    [
      'a bomb that announces itself',
      pair({ size: 2 ** 31 }),
      'npz-format',
      /can't have the 2147483648 bytes/,
    ],
    [
      'a bomb that does not',
      pair({ content: Buffer.concat([x, Buffer.alloc(1e7)]), size: x.length }),
      'npz-format',
      /goes on after/,
    ],
    ['shorter than announced', pair({ size: x.length + 16, content: x }), 'npy-size', /found/],
    ['a wrong checksum', pair({ crc: 1 }), 'npz-format', /checksum/],
    [
      'the same name twice',
      zipBytes([
        { name: 'x.npy', content: x },
        { name: 'x.npy', content: y },
      ]),
      'npz-format',
      /two entries/,
    ],
    ['other arrays', pair({ name: 'a.npy' }), 'no-such-array', /which arrays/],
    ['objects', bytes(npz['objects']!), 'npy-dtype', /Python objects/],
    [
      'unlike counts',
      pair({}, { content: array('|u1', [3], Uint8Array.of(0, 1, 0)) }),
      'npy-mismatch',
      /2 examples, but f.npz: y has 3/,
    ],
    [
      'one class',
      pair({}, { content: array('|u1', [2], Uint8Array.of(1, 1)) }),
      'target-classes',
      /always 1/,
    ],
    [
      'one column a class',
      pair({}, { content: array('|u1', [2, 2], Uint8Array.of(1, 0, 0, 1)) }),
      'npy-shape',
      /needs \[examples\]/,
    ],
    [
      'fractions as classes',
      pair({}, { content: array('<f4', [2], floats(1, 1.5)) }),
      'target-value',
      /1\.5, no whole number/,
    ],
    [
      'infinite features',
      pair({ content: array('<f4', [2, 2], floats(1, 2, Number.POSITIVE_INFINITY, 0)) }),
      'npy-value',
      /example 1 has the value Infinity/,
    ],
    [
      'pictures with holes',
      pair({ content: array('<f4', [2, 1, 2], floats(1, 2, 3, Number.NaN)) }),
      'npy-value',
      /example 1 has the value NaN/,
    ],
    [
      'five dimensions',
      pair({ content: array('<f4', [2, 1, 1, 1, 2], floats(1, 2, 3, 4)) }),
      'npy-shape',
      /\[2, 1, 1, 1, 2\]/,
    ],
    ['no example', pair({ content: array('<f4', [0, 2], floats()) }), 'data-empty', /\[0, 2\]/],
    [
      'a shape beyond all bytes',
      pair({ content: array('<f4', [2 ** 40, 2 ** 40], floats(1)) }),
      'npy-size',
      /elements of <f4/,
    ],
  ])('%s: a clear error', async (_, file, code, message) => {
    const error = await failure(() => read(file));
    expect(error).toMatchObject({ code, exit: EXIT.data });
    expect(error.message).toMatch(message);
    expect(error.details.path?.slice(0, 2)).toEqual(['data', 'source']);
  });

  it('names the array that is not there', async () => {
    const error = await failure(() => read(pair({}), { features: 'images' }));
    expect(error).toMatchObject({ code: 'no-such-array', details: { path: ['data', 'source', 'features'] } });
    expect(error.details.help).toBe('its arrays are x, y');
  });

  it('any byte of a file may be wrong: an error of ours, or the same values', async () => {
    const whole = bytes(npz['keras']!);
    const expected = await read(whole);
    let refused = 0;
    for (let at = 0; at < whole.length; at += 3) {
      const torn = Buffer.from(whole);
      torn[at]! ^= 0x55;
      try {
        const path = folder();
        writeFileSync(join(path, 'f.npz'), torn);
        const raw = await source.read(source.schema.parse({ path: 'f.npz' }), context({ folder: path }));
        expect({ ...raw, files: [] }).toEqual({ ...expected, files: [] });
      } catch (error) {
        if (!(error instanceof MlxError)) throw error;
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(whole.length / 10);
  });
});

describe('npy', () => {
  const npySource = sources.get('npy')!;
  it('one file for each array', async () => {
    const path = folder();
    writeFileSync(join(path, 'x.npy'), array('<f4', [2, 2], floats(1, 2, 3, 4)));
    writeFileSync(join(path, 'y.npy'), array('<f4', [2], floats(5, 6)));
    const ctx = context({ folder: path, task: 'regression' });
    const params = npySource.schema.parse({ features: 'x.npy', target: 'y.npy' });
    const raw = await npySource.read(params, ctx);
    expect([...raw.x, ...raw.y]).toEqual([1, 2, 3, 4, 5, 6]);
    expect(raw.files.map(({ name }) => name)).toEqual(['x.npy', 'y.npy']);
    expect(npySource.describe(params, ctx)).toMatchObject({ shape: [2], count: 2 });
    const absent = npySource.schema.parse({ features: 'x.npy', target: 'no.npy' });
    expect(await failure(() => npySource.read(absent, ctx))).toMatchObject({ code: 'data-missing' });
    expect(npySource.describe(absent, ctx)).toBeUndefined();
  });
  it.each(Object.entries(bad))('%s are refused', (name, file) => {
    expect(() => parseNpyHeader(name, bytes(file))).toThrow(/holds/);
  });
  it('half a test part is refused', async () => {
    const params = npySource.schema.parse({ features: 'x', target: 'y', test_target: 'z' });
    const error = await failure(() => npySource.describe(params, context()));
    expect(error).toMatchObject({ code: 'half-pair', exit: EXIT.config });
  });
});

describe('headers', () => {
  const good = "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }";
  it('are read in any order and spacing, of version 1, 2 and 3', () => {
    const other = '{"shape":(3L,2),"fortran_order":True,"descr":"|u1"}   ';
    expect(parseNpyHeader('a', npyBytes(other, new Uint8Array(), 2))).toMatchObject({
      shape: [3, 2],
      fortran: true,
      dtype: { kind: 'u', bytes: 1 },
    });
    expect(parseNpyHeader('a', npyBytes(good, new Uint8Array(), 3)).shape).toEqual([3]);
  });
  it.each([
    ['a call', good.replace('(3,)', '__import__("os").system("id")')],
    ['an expression', good.replace('(3,)', '(3 * 10**9,)')],
    ['a negative size', good.replace('(3,)', '(-3,)')],
    ['a fraction', good.replace('(3,)', '(3.5,)')],
    ['a field more', good.replace('}', "'x': 1}")],
    ['a field twice', good.replace('}', "'descr': '<f8'}")],
    ['a field less', good.replace("'shape': (3,), ", '')],
    ['more after it', `${good} {}`],
    ['escapes', good.replace('<f4', '\\x3cf4')],
    ['depth', good.replace('(3,)', `${'('.repeat(5000)}3${')'.repeat(5000)}`)],
    ['an unknown type', good.replace('<f4', '<q4')],
    ['a size beyond belief', good.replace('<f4', '<f999999')],
    ['texts of nothing', good.replace('<f4', '<U0')],
  ])('%s: refused', (_, header) => {
    expect(() => parseNpyHeader('a', npyBytes(header, new Uint8Array(), 2))).toThrow(MlxError);
  });
  it('whatever the text is, it is data or nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'{}()[]:,\'" 0aTrueL\\\n') }), (text) => {
        parseLiteral(text);
      }),
    );
  });
});
