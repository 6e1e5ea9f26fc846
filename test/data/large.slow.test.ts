import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import type { TrainingOver } from '../../src/base/proofs.ts';
import { sources } from '../../src/catalog/sources/index.ts';
import { transforms } from '../../src/catalog/transforms/index.ts';
import type { Config } from '../../src/config/config.ts';
import { deferredFiller } from '../../src/data/deferred-features.ts';
import {
  closeRaw,
  fromShared,
  openTest,
  type Prepared,
  prepareRows,
  toShared,
} from '../../src/data/index.ts';
import { type NumberFile, readNumbers } from '../../src/readers/files/number-file.ts';
import { Database } from '../../src/readers/table/duckdb.ts';
import { context, folder } from '../readers/helpers.ts';
import { request } from '../readers/table/helpers.ts';
import { splitConfig } from './split-config.ts';

const ROWS = 5000;
const step = (kind: string, type: string, fields: object = {}) => ({
  kind,
  type,
  columns: null,
  ...(transforms.get(kind)!.get(type)!.schema.parse(fields) as object),
});
const FEATURES = [
  step('impute', 'simple', { numeric: 'median', indicators: true }),
  step('encode', 'one_hot'),
  step('normalize', 'standard', { axis: 'feature' }),
];
const SPLIT = splitConfig({ train: 0.7, validation: 0.1, test: 0.3, stratify: true });
const TABLE = request({
  rows: [
    { kind: 'filter', value: 'n % 7 <> 0' },
    { kind: 'derive', value: { twice: 'n * 2', day: 'dayname(moment)' } },
    { kind: 'drop_duplicates', value: { columns: ['n'] } },
  ],
});

/** The same rows as a file of each format. */
async function files(): Promise<string> {
  const path = folder();
  const database = await Database.open('500MB');
  const select = `SELECT i AS n, CASE WHEN i % 11 = 0 THEN NULL ELSE (i * 7919) % 1000 / 8 END AS v,
    TIMESTAMP '2001-01-01' + to_minutes(i) AS moment, 'l' || (i * i % 13) AS c, i % 3 = 0 AS y FROM range(${ROWS}) r(i)`;
  for (const [name, format] of [
    ['x.parquet', 'parquet'],
    ['[x].parquet', 'parquet'],
    ['x.csv', 'csv'],
    ['x.json', 'json'],
  ])
    await database.run(`COPY (${select}) TO '${join(path, name!)}' (FORMAT ${format})`);
  database.close();
  return path;
}

type Limits = { loaded: number; held: number; written: number };
const SMALL: Limits = { loaded: 2 ** 30, held: 2 ** 30, written: 2 ** 30 };

async function prepared(path: string, name: string, limits: Limits, split = SPLIT): Promise<Prepared> {
  const cache = join(path, 'cache');
  const type = name.replace(/.*\./, '');
  const key = split.column === null ? {} : { key: { use: split.type as 'time', column: split.column } };
  const table = { ...TABLE, ...key };
  const source = sources.get(type)!;
  const read = await source.read(
    source.schema.parse({ path: name }),
    context({ folder: path, cache, target: 'y', table, limits }),
  );
  const config = { seed: 3, task: 'classification', data: { features: FEATURES, split, audit: {} } };
  const data = prepareRows(config as unknown as Config, read, { cache, ...limits });
  closeRaw(read, data);
  return data;
}

function all(data: Prepared) {
  const shared = structuredClone(toShared(data));
  const test = openTest(shared, {} as TrainingOver, deferredFiller);
  const worker = { ...fromShared(shared, deferredFiller), test };
  const of = (part: 'train' | 'validation' | 'test') => {
    const { count } = worker[part];
    const width = data.shape[0]!;
    const x = new Float32Array(count * width);
    // Last to first, in batches: rows are fetched one by one and in runs.
    const order = Uint32Array.from({ length: count }, (_, i) => (i % 3 === 0 ? i : count - 1 - i));
    for (let from = 0; from < count; from += 97) {
      const batch = x.subarray(from * width, (from + 97) * width);
      worker[part].fill('x', batch, order, from, Math.min(97, count - from));
    }
    const y = new Int32Array(count);
    worker[part].fill('y', y, order, 0, count);
    return { x, y, ids: data[part].ids };
  };
  return {
    train: of('train'),
    validation: of('validation'),
    test: of('test'),
    columns: data.columns,
    features: data.features,
    splits: data.splits,
    summaries: data.transforms.map(({ fitted }) => fitted.summary),
  };
}

describe('what is too large for memory', () => {
  it.each(['x.parquet', '[x].parquet', 'x.csv', 'x.json'])('%s: the same bits from files', async (name) => {
    const path = await files();
    const small = all(await prepared(path, name, SMALL));
    expect(small.train.x.length).toBeGreaterThan(1000);
    for (const limits of [
      { ...SMALL, loaded: 0 },
      { ...SMALL, held: 0 },
      { loaded: 0, held: 0, written: 2 ** 30 },
      { loaded: 0, held: 0, written: 0 },
      { ...SMALL, written: 0 },
    ]) {
      const data = await prepared(path, name, limits);
      const { x, deferred } = data.shared.train.inputs[0]!.store;
      expect('handle' in x).toBe(limits.held === 0);
      expect(deferred !== undefined).toBe(limits.written === 0);
      expect(all(data), JSON.stringify(limits)).toEqual(small);
      data.close();
    }
    expect(readdirSync(join(path, 'cache/tmp'))).toEqual([]);
  });

  it.each([
    ['time', 'moment'],
    ['group', 'c'],
    ['hash', 'n'],
  ] as const)('a %s split', async (type, column) => {
    const path = await files();
    const split = { ...SPLIT, type, column, stratify: false };
    const small = all(await prepared(path, 'x.parquet', SMALL, split));
    expect(all(await prepared(path, 'x.parquet', { loaded: 0, held: 0, written: 0 }, split))).toEqual(small);
  });

  it("another thread reads this one's files", async () => {
    const path = await files();
    const data = await prepared(path, 'x.parquet', { ...SMALL, held: 0 });
    const { x } = data.shared.train.inputs[0]!.store as { x: NumberFile };
    const source = `
      const { parentPort, workerData: { handle, length } } = require('node:worker_threads');
      const bytes = Buffer.alloc(4 * length);
      require('node:fs').readSync(handle, bytes, 0, bytes.length, 0);
      parentPort.postMessage([...new Float32Array(bytes.buffer, bytes.byteOffset, length)]);
    `;
    const worker = new Worker(source, { eval: true, workerData: x });
    const found = (await new Promise((resolve) => worker.once('message', resolve))) as number[];
    const own = new Float32Array(x.length);
    readNumbers(x, 0, own);
    expect(found).toEqual([...own]);
    expect(found.some((value) => value !== 0)).toBe(true);
    await worker.terminate();
    data.close();
  });
});
