import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCheckpoint, writeCheckpoint } from '../../src/record/checkpoint.ts';
import { decode, encode } from '../../src/record/safetensors.ts';
import { failureOf, scratch } from './helpers.ts';

/** Any bits, NaN payloads included. */
const floats = fc
  .array(fc.integer({ min: 0, max: 0xffffffff }), { maxLength: 20 })
  .map((words) => new Float32Array(Uint32Array.from(words).buffer));
const name = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom('10', '9', '__proto__', 'constructor', '"', '{', '', 'dense/kernel', 'a":'),
);
const state = fc
  .array(fc.tuple(name, floats), { maxLength: 6 })
  .map((entries) => new Map(entries.filter(([key]) => key !== '__metadata__')));
const meta = fc.dictionary(
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  {
    noNullPrototype: true,
  },
);

const bits = (values: Float32Array) => [...new Uint32Array(values.slice().buffer)];
const joined = (pieces: Uint8Array[]) => new Uint8Array(Buffer.concat(pieces));

/** A file with this header and so many bytes of data. */
function file(header: unknown, bytes: number): Uint8Array {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return new Uint8Array(Buffer.concat([length, text, Buffer.alloc(bytes)]));
}
const f32 = (start: number, end: number) => ({
  dtype: 'F32',
  shape: [(end - start) / 4],
  data_offsets: [start, end],
});

describe('safetensors', () => {
  it('has the layout of the format', () => {
    const bytes = joined(
      encode({
        tensors: new Map([
          ['b', Float32Array.of(1)],
          ['a', Float32Array.of(-2, 3)],
        ]),
        metadata: { who: 'me' },
      }),
    );
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    expect(length % 8).toBe(0);
    const text = new TextDecoder().decode(bytes.subarray(8, 8 + length));
    expect(text.trimEnd()).toBe(
      '{"__metadata__":{"who":"me"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},' +
        '"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}',
    );
    expect([...new Float32Array(bytes.slice(8 + length).buffer)]).toEqual([-2, 3, 1]);
  });

  it('brings any tensors and texts back, bit for bit, in the same bytes for the same content', () => {
    fc.assert(
      fc.property(state, meta, (tensors, metadata) => {
        const bytes = joined(encode({ tensors, metadata }));
        const again = decode(bytes);
        expect([...again.tensors.keys()].sort()).toEqual([...tensors.keys()].sort());
        for (const [key, values] of tensors) expect(bits(again.tensors.get(key)!)).toEqual(bits(values));
        expect(Object.entries(again.metadata).sort()).toEqual(Object.entries(metadata).sort());
        const turned = new Map([...tensors].reverse());
        expect(joined(encode({ tensors: turned, metadata }))).toEqual(bytes);
      }),
    );
  });

  it('reads what others write: shapes of any rank, no metadata, any order', () => {
    const header = { z: { dtype: 'F32', shape: [2, 2], data_offsets: [0, 16] }, a: f32(16, 20) };
    expect([...decode(file(header, 20)).tensors].map(([key, values]) => [key, values.length])).toEqual([
      ['z', 4],
      ['a', 1],
    ]);
  });

  it.each<[string, Uint8Array, RegExp]>([
    ['nothing', new Uint8Array(0), /too short/],
    ['a header beyond the end', file({}, 0).fill(0xff, 0, 8), /ends before its header/],
    ['no JSON', file('{"a":', 0), /no JSON/],
    ['bytes that are no UTF-8', file('{"a"}', 0).fill(0xff, 9, 11), /no JSON/],
    ['a list', file([], 0), /no JSON object/],
    ['a hole', file({ a: f32(0, 4), b: f32(8, 12) }, 12), /b leaves a hole/],
    ['an overlap', file({ a: f32(0, 8), b: f32(4, 12) }, 12), /b overlaps/],
    ['a hole at the start', file({ a: f32(4, 8) }, 8), /a leaves a hole/],
    ['trailing bytes', file({ a: f32(0, 4) }, 5), /1 bytes follow/],
    ['a missing end', file({ a: f32(0, 4) }, 3), /ends within a/],
    [
      'a name twice',
      file(
        '{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},"a" :{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
        4,
      ),
      /twice/,
    ],
    ['another type', file({ a: { ...f32(0, 4), dtype: 'F16' } }, 4), /"F16", expected F32/],
    ['a shape that does not fit', file({ a: { ...f32(0, 4), shape: [2] } }, 4), /doesn't fit/],
    ['a negative shape', file({ a: { ...f32(0, 4), shape: [-1, -1] } }, 4), /no valid shape/],
    ['fractions', file({ a: { ...f32(0, 4), shape: [0.5, 2] } }, 4), /no valid shape/],
    ['turned offsets', file({ a: { ...f32(0, 4), data_offsets: [4, 0] } }, 4), /doesn't fit/],
    ['no tensor', file({ a: 1 }, 0), /no tensor/],
    ['metadata that are no text', file({ __metadata__: { a: 1 } }, 0), /no text/],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => decode(bytes)).toThrow(message);
  });
});

describe('checkpoints', () => {
  const write = async () => {
    const path = join(scratch(), 'last.safetensors');
    const tensors = new Map([
      ['dense/kernel', Float32Array.of(0.5, -1, 2)],
      ['dense/bias', Float32Array.of(0)],
    ]);
    await writeCheckpoint(path, tensors, { progress: '{"step":12}' });
    return path;
  };

  it('notices each flipped bit and each cut, wherever it is', async () => {
    const path = await write();
    const whole = readFileSync(path);
    for (let at = 0; at < whole.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const bytes = Buffer.from(whole);
        bytes[at]! ^= 1 << bit;
        writeFileSync(path, bytes);
        const error = await failureOf(() => readCheckpoint(path));
        expect(error, `byte ${at}, bit ${bit}`).toMatchObject({ code: 'checkpoint-damaged', exit: 3 });
      }
      writeFileSync(path, whole.subarray(0, at));
      expect((await failureOf(() => readCheckpoint(path))).code).toBe('checkpoint-damaged');
    }
    writeFileSync(path, Buffer.concat([whole, Buffer.alloc(1)]));
    expect((await failureOf(() => readCheckpoint(path))).message).toContain('1 bytes follow');
    writeFileSync(path, whole);
    expect((await readCheckpoint(path)).meta).toEqual({ progress: '{"step":12}' });
  });

  it('names the file and what to do', async () => {
    const path = await write();
    const missing = await failureOf(() => readCheckpoint(`${path}.other`));
    expect(missing).toMatchObject({ code: 'checkpoint-missing', exit: 3 });
    mkdirSync(`${path}.folder`);
    const folder = await failureOf(() => readCheckpoint(`${path}.folder`));
    expect(folder.code).toBe('checkpoint-damaged');
    expect(folder.message).toContain(path);
    expect(folder.details.help).toContain('mlx run');
  });

  it('does not believe a checkpoint without checksums', async () => {
    const path = join(scratch(), 'x');
    writeFileSync(path, joined(encode({ tensors: new Map(), metadata: {} })));
    expect((await failureOf(() => readCheckpoint(path))).code).toBe('checkpoint-damaged');
  });

  it('keeps an empty state and values that belong to a larger buffer', async () => {
    const path = join(scratch(), 'x');
    await writeCheckpoint(path, new Map(), {});
    expect((await readCheckpoint(path)).state.size).toBe(0);
    const part = Float32Array.of(9, 1, 2, 9).subarray(1, 3);
    await writeCheckpoint(path, new Map([['w', part]]), {});
    const { state: again } = await readCheckpoint(path);
    expect([...again.get('w')!]).toEqual([1, 2]);
    again.get('w')![0] = 5; // belongs to the caller
  });
});
