import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TrainingOver } from '../../src/base/proofs.ts';
import type { Config } from '../../src/config/config.ts';
import {
  fromShared,
  openTest,
  type Part,
  type Prepared,
  prepareRows,
  readData,
  toShared,
} from '../../src/data/index.ts';
import { EXIT } from '../../src/errors.ts';
import { context, failure, folder, idxBytes, write } from '../readers/helpers.ts';
import { splitConfig } from './split-config.ts';

/** The data section from end to end. */
const prepareData = async (config: Config, ctx: Parameters<typeof readData>[1]): Promise<Prepared> =>
  prepareRows(config, await readData(config, ctx));

type Data = Config['data'];
const NO_SPLIT = splitConfig();
/** The parts of a config that the data section looks at. */
function config(data: Partial<Data>, more: Partial<Config> = {}): Config {
  const features = data.features ?? [];
  const full = { source: { type: 'mnist' }, target: null, split: NO_SPLIT, audit: {}, ...data, features };
  return { name: 'test', seed: 3, task: 'classification', data: full, ...more } as Config;
}
const feature = (kind: string, type: string, more: object = {}) => ({ kind, type, ...more });
const STANDARD = feature('normalize', 'standard', { axis: 'feature' });

const COUNT = 40;
const PIXELS = Array.from({ length: COUNT * 6 }, (_, i) => (i * i * 31 + (i % 7) * 40) % 256);
const LABELS = Array.from({ length: COUNT }, (_, i) => (i * 5) % 3);

/** 40 images of 2 x 3 pixels in a folder of their own, prepared. */
async function images(data: Partial<Data>, pixels: readonly number[] = PIXELS, more: Partial<Config> = {}) {
  const path = folder();
  write(path, { images: idxBytes([COUNT, 2, 3], pixels), labels: idxBytes([COUNT], LABELS) });
  const source = {
    type: 'idx',
    images: 'images',
    labels: 'labels',
    test_images: null,
    test_labels: null,
    classes: null,
  };
  const ctx = context({ folder: path });
  const full = config({ source, split: { ...NO_SPLIT, test: 0.25, validation: 0.2 }, ...data }, more);
  return { prepared: await prepareData(full, ctx) };
}

const inOrder = (part: { count: number }) => Uint32Array.from({ length: part.count }, (_, i) => i);
function valuesOf(part: Part, width: number): Float32Array {
  const out = new Float32Array(part.count * width);
  part.fill('x', out, inOrder(part), 0, part.count);
  return out;
}
const rawOf = (part: Part) => Array.from(part.rows).flatMap((row) => PIXELS.slice(row * 6, row * 6 + 6));
const column = (values: ArrayLike<number>, width: number, j: number) =>
  Array.from(values).filter((_, i) => i % width === j);
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
const deviation = (values: readonly number[]) => Math.sqrt(mean(values.map((v) => (v - mean(values)) ** 2)));

describe('parts', () => {
  it('without features hold the source’s values and labels', async () => {
    const { prepared } = await images({});
    expect(prepared).toMatchObject({
      raw: [2, 3, 1],
      shape: [2, 3, 1],
      target: { classes: ['0', '1', '2'] },
    });
    for (const part of [prepared.train, prepared.validation, prepared.test]) {
      expect([...valuesOf(part, 6)]).toEqual(rawOf(part));
      const labels = new Int32Array(part.count);
      part.fill('y', labels, inOrder(part), 0, part.count);
      expect([...labels]).toEqual(Array.from(part.rows, (row) => LABELS[row]));
      expect(part.ids).toBe(part.rows);
    }
    expect([prepared.train.count, prepared.validation.count, prepared.test.count]).toEqual([24, 6, 10]);
  });

  it('fill takes positions in any order, from any place', async () => {
    const { prepared } = await images({});
    const all = valuesOf(prepared.train, 6);
    const out = new Float32Array(12);
    prepared.train.fill('x', out, Uint32Array.of(9, 4, 0, 4), 1, 2);
    expect([...out]).toEqual([...all.subarray(24, 30), ...all.subarray(0, 6)]);
  });

  it('numbers to regress on, of a table', async () => {
    const rows = [1, 2, 3, 4].map((i) => ({ a: i, b: -i, y: i / 2 }));
    const table = config({ source: { type: 'inline', rows }, target: 'y' }, { task: 'regression' });
    const prepared = await prepareData(table, context({ target: 'y', task: 'regression' }));
    expect(prepared.columns?.map(({ name }) => name)).toEqual(['a', 'b']);
    const out = new Float32Array(2);
    prepared.train.fill('y', out, Uint32Array.of(3, 1), 0, 2);
    expect([...out]).toEqual([2, 1]);
  });

  it('fingerprints: row indices as little-endian uint32', async () => {
    const { prepared } = await images({});
    const bytes = Buffer.alloc(4 * prepared.test.count);
    prepared.test.rows.forEach((row, i) => void bytes.writeUInt32LE(row, 4 * i));
    expect(prepared.splits.test).toEqual({
      count: 10,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    });
    expect(prepared.files.map((file) => file.name)).toEqual(['images', 'labels']);
  });
});

describe('features', () => {
  it('pixel is the byte over 255, rounded to float32 once', async () => {
    const { prepared } = await images({ features: [feature('normalize', 'pixel')] });
    expect([...valuesOf(prepared.train, 6)]).toEqual(rawOf(prepared.train).map((v) => Math.fround(v / 255)));
  });

  it('standard has mean 0 and deviation 1 on the training rows, not on the others', async () => {
    const { prepared } = await images({ features: [STANDARD] });
    const [train, test] = [valuesOf(prepared.train, 6), valuesOf(prepared.test, 6)];
    for (let j = 0; j < 6; j++) {
      expect(mean(column(train, 6, j))).toBeCloseTo(0, 6);
      expect(deviation(column(train, 6, j))).toBeCloseTo(1, 6);
      const raw = column(rawOf(prepared.train), 6, j);
      const expected = column(rawOf(prepared.test), 6, j).map((v) => (v - mean(raw)) / deviation(raw));
      column(test, 6, j).forEach((value, i) => {
        expect(value).toBeCloseTo(expected[i]!, 5);
      });
    }
    expect(Math.abs(mean(Array.from(test)))).toBeGreaterThan(1e-3);
  });

  it('are fitted in order, each on what the one before made', async () => {
    const minMax = feature('normalize', 'min_max', { axis: 'all' });
    const { prepared } = await images({ features: [STANDARD, minMax, feature('normalize', 'pixel')] });
    const train = valuesOf(prepared.train, 6);
    expect(Math.min(...train)).toBeCloseTo(0, 7);
    expect(Math.max(...train)).toBeCloseTo(1 / 255, 7);
    const scaled = prepared.transforms[1]!.fitted.affine!;
    const standardized = [0, 1, 2, 3, 4, 5].flatMap((j) => {
      const raw = column(rawOf(prepared.train), 6, j);
      return raw.map((v) => (v - mean(raw)) / deviation(raw));
    });
    expect(1 / scaled.scale[0]!).toBeCloseTo(Math.max(...standardized) - Math.min(...standardized), 9);
  });

  it('pca of standardized images: uncorrelated, in falling order, same as the graph of the export', async () => {
    const { prepared } = await images({
      features: [STANDARD, feature('reduce', 'pca', { components: 3, whiten: false })],
    });
    expect(prepared.shape).toEqual([3]);
    const train = valuesOf(prepared.train, 3);
    const parts = [0, 1, 2].map((j) => column(train, 3, j));
    expect(mean(parts[0]!.map((v, i) => v * parts[1]![i]!))).toBeCloseTo(0, 5);
    expect(deviation(parts[0]!)).toBeGreaterThan(deviation(parts[1]!));
    const facts = prepared.transforms[1]!.fitted.facts!['explained_variance'] as number[];
    expect((deviation(parts[2]!) ** 2 * 24) / 23).toBeCloseTo(facts[2]!, 4);
  });

  it('values of a row never depend on which other rows are read with it', async () => {
    const { prepared } = await images({ features: [STANDARD, feature('normalize', 'l2')] });
    const all = valuesOf(prepared.train, 6);
    for (let i = 0; i < prepared.train.count; i++) {
      const row = all.subarray(6 * i, 6 * i + 6);
      expect(Math.hypot(...row)).toBeCloseTo(1, 6);
    }
  });

  it('other test or validation values never change what was fitted', async () => {
    const chain = [
      STANDARD,
      feature('normalize', 'robust', { axis: 'all' }),
      feature('reduce', 'pca', { components: 0.9, whiten: true }),
    ];
    const fittedOf = (p: Prepared) => p.transforms.map((t) => t.fitted);
    const base = (await images({ features: chain })).prepared;
    const held = [...base.validation.rows, ...base.test.rows];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...held),
        fc.array(fc.nat(255), { minLength: 6, maxLength: 6 }),
        async (row, values) => {
          const pixels = PIXELS.slice();
          pixels.splice(row * 6, 6, ...values);
          const { prepared } = await images({ features: chain }, pixels);
          expect(fittedOf(prepared)).toEqual(fittedOf(base));
          expect(valuesOf(prepared.train, prepared.shape[0]!)).toEqual(valuesOf(base.train, base.shape[0]!));
        },
      ),
      { numRuns: 15 },
    );
    const changed = PIXELS.slice();
    changed[base.train.rows[0]! * 6]! ^= 128;
    expect(fittedOf((await images({ features: chain }, changed)).prepared)).not.toEqual(fittedOf(base));
  });

  it('a misfit names its place in the config', async () => {
    const features = [STANDARD, feature('reduce', 'pca', { components: 7, whiten: false })];
    const error = await failure(() => images({ features }));
    expect(error).toMatchObject({
      code: 'components',
      exit: EXIT.config,
      details: { path: ['data', 'features', 1, 'reduce', 'components'] },
    });
  });

  it('a negative number for log1p is an error of the data, in whichever part it is', async () => {
    const features = [STANDARD, feature('normalize', 'log1p')];
    expect(await failure(() => images({ features }))).toMatchObject({
      code: 'negative-value',
      exit: EXIT.data,
    });
  });
});

describe('shared memory', () => {
  const cases: [string, Data['features']][] = [
    ['bytes', []],
    ['a table', [feature('normalize', 'pixel')]],
    ['scales', [STANDARD]],
    ['values made once', [feature('normalize', 'l2')]],
  ];

  it.each(cases)('%s: a worker reads the same values', async (_, features) => {
    const { prepared } = await images({ features });
    const source = `
      const { parentPort, workerData } = require('node:worker_threads');
      const { store, at } = workerData.train.inputs[0];
      const shared = [store.x, store.table, store.scale, store.shift, at, workerData.train.y, workerData.train.rows];
      parentPort.postMessage(shared.filter(Boolean).every((array) => array.buffer instanceof SharedArrayBuffer));
      store.x[0] = 77;
    `;
    const worker = new Worker(source, { eval: true, workerData: toShared(prepared) });
    const exit = new Promise((resolve) => worker.once('exit', resolve));
    expect(await new Promise((resolve) => worker.once('message', resolve))).toBe(true);
    await exit;
    expect((toShared(prepared).train.inputs[0]!.store.x as Float32Array)[0]).toBe(77); // one memory, no copy
  });

  it.each(cases)('%s: parts rebuilt from it are the same', async (_, features) => {
    const { prepared } = await images({ features });
    const shared = structuredClone(toShared(prepared));
    const again = { ...fromShared(shared), test: openTest(shared, {} as TrainingOver) };
    for (const name of ['train', 'validation', 'test'] as const) {
      expect(valuesOf(again[name], 6)).toEqual(valuesOf(prepared[name], 6));
      expect(again[name].rows).toEqual(prepared[name].rows);
    }
    expect(again.target).toEqual(prepared.target);
  });

  it('bytes stay bytes where all features are linear', async () => {
    const { prepared } = await images({ features: [STANDARD] });
    // Pixels, labels, rows of the parts, two numbers an element.
    expect(prepared.bytes).toBe(COUNT * 6 + COUNT * 4 + COUNT * 4 + 2 * 6 * 8);
  });
});

it('the whole of mnist: 7,000 and 3,000, stratified, standardized', async () => {
  const split = { ...NO_SPLIT, train: 0.7, test: 0.3, stratify: true };
  const prepared = await prepareData(
    config({ split, features: [feature('normalize', 'standard', { axis: 'all' })] }),
    context(),
  );
  expect([prepared.train.count, prepared.test.count]).toEqual([7000, 3000]);
  expect(prepared.transforms[0]!.fitted.summary).toMatch(
    /^mean 33\.\d+, std 78\.\d+ over 7,000 training rows$/,
  );
  const counts = new Array(10).fill(0);
  const labels = new Int32Array(3000);
  prepared.test.fill('y', labels, inOrder(prepared.test), 0, 3000);
  for (const label of labels) counts[label]++;
  // 0.3 of each class; largest remainders round up classes 2, 5, 7, 8, 9 or so to reach 3,000.
  const shares = [1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978].map((n) => 0.3 * n);
  counts.forEach((count, i) => {
    expect(Math.abs(count - shares[i]!)).toBeLessThan(1);
  });
  const values = valuesOf(prepared.train, 784);
  expect(mean(Array.from(values))).toBeCloseTo(0, 5);
});

it('a source’s error passes as it is', async () => {
  const source = {
    type: 'idx',
    images: 'absent',
    labels: 'absent',
    test_images: null,
    test_labels: null,
    classes: null,
  };
  const error = await failure(() =>
    prepareData(config({ source }), context({ folder: join(folder(), 'x') })),
  );
  expect(error).toMatchObject({ code: 'data-missing', exit: EXIT.data });
});
