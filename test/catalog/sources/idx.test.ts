import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { sources } from '../../../src/catalog/sources/index.ts';
import { EXIT } from '../../../src/errors.ts';
import { context, failure, folder, IMAGES, idxBytes, LABELS, write } from '../../readers/helpers.ts';

const idx = sources.get('idx')!;
const params = (more: object = {}) => idx.schema.parse({ images: 'images', labels: 'labels', ...more });

/** Reads the two files as given; the error if there is one. */
async function broken(images: Uint8Array, labels: Uint8Array, more: object = {}) {
  const path = folder();
  write(path, { images, labels });
  const error = await failure(() => idx.read(params(more), context({ folder: path })));
  expect(error.exit).toBe(EXIT.data);
  expect(() => idx.describe(params(more), context({ folder: path }))).not.toThrow();
  return error;
}

describe('reading', () => {
  it('takes plain and packed files alike, whatever their names', async () => {
    const path = folder();
    write(path, { images: gzipSync(IMAGES), labels: LABELS });
    const raw = await idx.read(params(), context({ folder: path }));
    expect(raw).toMatchObject({
      shape: [2, 3, 1],
      count: 4,
      target: { kind: 'class', classes: ['0', '1', '2'] },
      train: undefined,
    });
    expect([...raw.x]).toEqual(Array.from({ length: 24 }, (_, i) => i * 10));
    expect(raw.x).toBeInstanceOf(Uint8Array);
    expect(raw.y).toEqual(Int32Array.of(1, 0, 2, 1));
  });

  it('fingerprints the files as they lie, by the names in the config', async () => {
    const path = folder();
    write(path, { images: IMAGES, labels: LABELS });
    const { files } = await idx.read(params(), context({ folder: path }));
    const sum = (name: string) =>
      execFileSync('sha256sum', [join(path, name)], { encoding: 'utf8' }).split(' ')[0];
    expect(files).toEqual([
      { name: 'images', bytes: IMAGES.length, sha256: sum('images') },
      { name: 'labels', bytes: LABELS.length, sha256: sum('labels') },
    ]);
  });

  it('appends test files and says where they begin', async () => {
    const path = folder();
    write(path, {
      images: IMAGES,
      labels: LABELS,
      ti: idxBytes([1, 2, 3], [9, 8, 7, 6, 5, 4]),
      tl: idxBytes([1], [3]),
    });
    const fields = params({ test_images: 'ti', test_labels: 'tl', classes: ['a', 'b', 'c', 'd'] });
    const ctx = context({ folder: path });
    const raw = await idx.read(fields, ctx);
    expect(raw).toMatchObject({ count: 5, train: 4, target: { classes: ['a', 'b', 'c', 'd'] } });
    expect([...raw.x.subarray(24)]).toEqual([9, 8, 7, 6, 5, 4]);
    expect([...raw.y]).toEqual([1, 0, 2, 1, 3]);
    expect(idx.describe(fields, ctx)).toEqual({ shape: raw.shape, target: raw.target, count: 5 });
  });

  it('labels are numbers in a regression', async () => {
    const path = folder();
    write(path, { images: IMAGES, labels: LABELS });
    const raw = await idx.read(params(), context({ folder: path, task: 'regression' }));
    expect(raw.target).toEqual({ kind: 'number', columns: ['label'] });
    expect(raw.y).toEqual(Float32Array.of(1, 0, 2, 1));
  });
});

describe('describe', () => {
  it('reads the header, of packed files too', () => {
    const path = folder();
    write(path, { images: gzipSync(IMAGES), labels: gzipSync(LABELS) });
    expect(idx.describe(params(), context({ folder: path }))).toEqual({
      shape: [2, 3, 1],
      target: { kind: 'class', classes: ['0', '1', '2'] },
      count: 4,
    });
  });
  it('reads no more than the start of the images', () => {
    const path = folder();
    const large = gzipSync(
      idxBytes(
        [9000, 2, 3],
        Array.from({ length: 54000 }, (_, i) => (i * i) % 251),
      ),
    );
    write(path, { images: large.subarray(0, 5000), labels: LABELS }); // the rest is absent
    expect(idx.describe(params(), context({ folder: path }))?.count).toBe(9000);
  });
  it('is silent about absent files', () => {
    expect(idx.describe(params(), context({ folder: folder() }))).toBeUndefined();
  });
});

describe('hostile files', () => {
  it.each([1, 3, 4, 12, 15])('images cut after %i bytes', async (length) => {
    const error = await broken(IMAGES.subarray(0, length), LABELS);
    expect(error.code).toBe('idx-truncated');
    expect(error.message).toContain(`found ${length}`);
  });
  it('images cut in the middle: expected and found bytes', async () => {
    const error = await broken(IMAGES.subarray(0, 30), LABELS);
    expect(error.code).toBe('idx-truncated');
    expect(error.message).toBe('images: its header says 4 x 2 x 3, that is 40 bytes; found 30');
  });
  it('an empty file', async () => {
    expect((await broken(Buffer.alloc(0), LABELS)).code).toBe('idx-empty');
    expect((await broken(IMAGES, Buffer.alloc(0))).code).toBe('idx-empty');
  });
  it('a header without images', async () => {
    expect((await broken(idxBytes([0, 2, 3], []), idxBytes([0], []))).code).toBe('idx-empty');
    expect((await broken(idxBytes([4, 0, 3], []), LABELS)).code).toBe('idx-empty');
  });
  it('a magic number of something else', async () => {
    const error = await broken(Buffer.from('%PDF-1.7 and so on, and so on'), LABELS);
    expect(error.code).toBe('idx-magic');
    expect(error.message).toBe('images: the magic number of IDX images is 0x00000803; found 0x25504446');
  });
  it('other element types', async () => {
    const error = await broken(idxBytes([4, 2, 3], new Uint8Array(96), 13), LABELS);
    expect(error.code).toBe('idx-magic');
    expect(error.message).toContain('float32');
  });
  it('labels and images exchanged', async () => {
    const error = await broken(LABELS, IMAGES);
    expect(error.code).toBe('idx-magic');
    expect(error.details.help).toBe('exchange the paths of `images` and `labels`');
  });
  it('trailing bytes, plain and packed', async () => {
    const longer = Buffer.concat([IMAGES, Buffer.alloc(100)]);
    expect((await broken(longer, LABELS)).code).toBe('idx-trailing');
    expect((await broken(gzipSync(longer), LABELS)).code).toBe('idx-trailing');
  });
  it('a packed file cut at any byte, or damaged', async () => {
    const packed = gzipSync(IMAGES);
    for (let length = 2; length < packed.length; length++)
      expect(['gzip-corrupt', 'idx-truncated']).toContain(
        (await broken(packed.subarray(0, length), LABELS)).code,
      );
    const damaged = Buffer.from(packed);
    damaged[packed.length - 6]! ^= 1; // of the checksum
    expect((await broken(damaged, LABELS)).code).toBe('gzip-corrupt');
  });
  it('a packed file whose content is cut', async () => {
    expect((await broken(gzipSync(IMAGES.subarray(0, 39)), LABELS)).code).toBe('idx-truncated');
  });
  it('a header that promises 64 TiB, in a packed file of 60 bytes', async () => {
    const lie = Buffer.from(IMAGES);
    lie.fill(255, 4, 8);
    lie.writeUInt32BE(0x4000, 8);
    expect((await broken(gzipSync(lie), LABELS)).code).toBe('idx-too-large');
  });
  it('counts that differ', async () => {
    const error = await broken(IMAGES, idxBytes([3], [0, 1, 2]));
    expect(error.code).toBe('idx-mismatch');
    expect(error.message).toBe('images holds 4 images, but labels holds 3 labels');
  });
  it('a label without a name', async () => {
    const error = await broken(IMAGES, LABELS, { classes: ['a', 'b'] });
    expect(error.code).toBe('label-range');
    expect(error.message).toContain('label 2 of example 2');
  });
  it('test images of another size', async () => {
    const path = folder();
    write(path, {
      images: IMAGES,
      labels: LABELS,
      ti: idxBytes([1, 3, 3], new Uint8Array(9)),
      tl: idxBytes([1], [0]),
    });
    const fields = params({ test_images: 'ti', test_labels: 'tl' });
    const error = await failure(() => idx.read(fields, context({ folder: path })));
    expect(error.message).toBe('images of images are 2 x 3, those of ti are 3 x 3');
  });
  it('only one of the test files', async () => {
    const error = await failure(() => idx.read(params({ test_images: 'ti' }), context({ folder: folder() })));
    expect(error).toMatchObject({ exit: EXIT.config, details: { path: ['data', 'source', 'test_images'] } });
  });
});

describe('hostile paths', () => {
  const read = (path: string) => failure(() => idx.read(params(), context({ folder: path })));

  it('a missing file', async () => {
    const error = await read(folder());
    expect(error).toMatchObject({ code: 'data-missing', message: 'there is no file images' });
  });
  it('a folder', async () => {
    const path = folder();
    mkdirSync(join(path, 'images'));
    expect(await read(path)).toMatchObject({ code: 'data-not-a-file', exit: EXIT.data });
    expect(idx.describe(params(), context({ folder: path }))).toBeUndefined();
  });
  it('a pipe that nobody writes to is not opened', async () => {
    const path = folder();
    execFileSync('mkfifo', [join(path, 'images')]);
    expect((await read(path)).code).toBe('data-not-a-file');
    expect(idx.describe(params(), context({ folder: path }))).toBeUndefined();
  });
  it('a file below a file', async () => {
    const path = folder();
    write(path, { file: IMAGES });
    const fields = params({ images: 'file/images' });
    expect((await failure(() => idx.read(fields, context({ folder: path })))).code).toBe('data-missing');
  });
  it('a link to itself', async () => {
    const path = folder();
    symlinkSync('images', join(path, 'images'));
    expect(await read(path)).toMatchObject({ code: 'data-unreadable', exit: EXIT.data });
  });
  it('a path that no system can have', async () => {
    const fields = params({ images: 'a\0b' });
    expect((await failure(() => idx.read(fields, context({ folder: folder() })))).code).toBe(
      'data-unreadable',
    );
  });
  it.skipIf(process.getuid?.() === 0)('a file without the right to read it', async () => {
    const path = folder();
    write(path, { images: IMAGES, labels: LABELS });
    chmodSync(join(path, 'images'), 0);
    expect((await read(path)).code).toBe('data-unreadable');
  });
});
