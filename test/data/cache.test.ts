import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { transforms } from '../../src/catalog/transforms/index.ts';
import type { Config } from '../../src/config/config.ts';
import { cacheOf, closeRaw, type Prepared, prepareRows, readData } from '../../src/data/index.ts';
import { context, folder } from '../readers/helpers.ts';
import { request } from '../readers/table/helpers.ts';

const step = (kind: string, type: string) => ({
  kind,
  type,
  columns: null,
  ...(transforms.get(kind)!.get(type)!.schema.parse({}) as object),
});
const rows = Array.from({ length: 200 }, (_, i) =>
  [i % 9 ? (i * 37) % 101 : '', `l${i % 5}`, i % 2].join(','),
);
const text = `a,c,y\n${rows.join('\n')}\n`;

function setUp(more: { held?: number; optimizer?: object; data?: object; seed?: number } = {}) {
  const { held = 2 ** 28, optimizer, data = {}, seed = 3 } = more;
  const split = {
    type: 'random',
    column: null,
    train: 0.7,
    validation: 0.1,
    test: 0.3,
    stratify: true,
    subsample: 1,
    score_test: true,
  };
  const config = {
    seed,
    task: 'classification',
    optimizer,
    data: {
      source: {
        type: 'csv',
        path: 'x.csv',
        sha256: null,
        missing: [''],
        memory: '500MB',
        delimiter: null,
        header: true,
      },
      target: 'y',
      rows: [{ kind: 'filter', value: 'a IS NULL OR a <> 37' }],
      split,
      features: [step('impute', 'simple'), step('encode', 'one_hot'), step('normalize', 'standard')],
      audit: {},
      ...data,
    },
  } as unknown as Config;
  return { config, held };
}

async function prepare(path: string, more: Parameters<typeof setUp>[0] = {}, build = 'build 1') {
  const { config, held } = setUp(more);
  const ctx = context({
    folder: path,
    cache: join(path, 'cache'),
    target: 'y',
    seed: config.seed,
    table: request({ rows: config.data.rows }),
    limits: { loaded: 2 ** 20, held },
  });
  const cache = await cacheOf(config, ctx, build, held);
  const kept = cache!.read();
  if (kept) return { hit: true, data: kept };
  const read = await readData(config, { ...ctx, files: cache!.files });
  const data = prepareRows(config, read, { cache: ctx.cache, held });
  closeRaw(read, data);
  cache!.write(data);
  return { hit: false, data };
}

function seen(data: Prepared) {
  const { train, validation, test, close, transforms: steps, shared, bytes, ...plain } = data;
  const part = (p: typeof train) => {
    const x = new Float32Array(p.count * data.shape[0]!);
    const order = Uint32Array.from({ length: p.count }, (_, i) => p.count - 1 - i);
    p.fill('x', x, order, 0, p.count);
    const y = new Int32Array(p.count);
    p.fill('y', y, order, 0, p.count);
    return { x, y, rows: [...p.rows], ids: [...p.ids] };
  };
  const { sourceRows, ...rest } = plain;
  return {
    ...rest,
    sourceRows: sourceRows && [...sourceRows],
    parts: [train, validation, test].map(part),
    steps: steps.map(({ entry, ...step }) => ({ ...step, entry: entry.name })),
  };
}

function files(content = text): string {
  const path = folder();
  writeFileSync(join(path, 'x.csv'), content);
  return path;
}
const entries = (path: string) => readdirSync(join(path, 'cache/prepared'));

describe('prepared data of earlier runs', () => {
  it.each([
    ['in memory', 2 ** 28],
    ['on disk', 0],
  ])('%s: come back as they were', async (_, held) => {
    const path = files();
    const first = await prepare(path, { held });
    const again = await prepare(path, { held });
    expect([first.hit, again.hit]).toEqual([false, true]);
    expect(seen(again.data)).toEqual(seen(first.data));
    expect('handle' in again.data.shared.train.inputs[0]!.store.x).toBe(held === 0);
    first.data.close();
    again.data.close();
    expect(readdirSync(join(path, 'cache/tmp'))).toEqual([]);
  });

  it('another optimizer takes them; another seed, data section, file or build does not', async () => {
    const path = files();
    await prepare(path);
    expect((await prepare(path, { optimizer: { type: 'sgd' } })).hit).toBe(true);
    expect((await prepare(path, { seed: 4 })).hit).toBe(false);
    expect((await prepare(path, { data: { rows: [] } })).hit).toBe(false);
    expect((await prepare(path, {}, 'build 2')).hit).toBe(false);
    writeFileSync(join(path, 'x.csv'), text.replace('l1', 'l2'));
    expect((await prepare(path)).hit).toBe(false);
    expect(entries(path)).toHaveLength(5);
  });

  it('a damaged entry is nothing, and is made again', async () => {
    const path = files();
    const first = seen((await prepare(path)).data);
    const file = join(path, 'cache/prepared', entries(path)[0]!);
    const whole = readFileSync(file);
    const damage = [
      ...[0, 1, 47, 48, whole.length >> 1, whole.length - 1].map((length) => whole.subarray(0, length)),
      ...[0, 100, whole.length >> 1, whole.length - 60, whole.length - 40, whole.length - 12].map((at) => {
        const flipped = Buffer.from(whole);
        flipped[at]! ^= 16;
        return flipped;
      }),
    ];
    for (const bytes of damage) {
      writeFileSync(file, bytes);
      const again = await prepare(path);
      expect(again.hit).toBe(false);
      expect(seen(again.data)).toEqual(first);
    }
    expect((await prepare(path)).hit).toBe(true);
  });

  it('what can not be written is not kept, and nothing fails', async () => {
    const path = files();
    writeFileSync(join(path, 'cache'), 'a file in the way');
    expect((await prepare(path)).hit).toBe(false);
    expect((await prepare(path)).hit).toBe(false);
  });

  it('runs at the same time keep one entry', async () => {
    const path = files();
    mkdirSync(join(path, 'cache'));
    const all = await Promise.all([1, 2, 3].map(() => prepare(path)));
    expect(new Set(all.map(({ data }) => JSON.stringify(seen(data).splits))).size).toBe(1);
    expect(entries(path)).toHaveLength(1);
    expect(statSync(join(path, 'cache/prepared', entries(path)[0]!)).size).toBeGreaterThan(1000);
    expect((await prepare(path)).hit).toBe(true);
  });
});
