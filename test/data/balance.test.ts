import { describe, expect, it } from 'vitest';
import { balances } from '../../src/catalog/balance/index.ts';
import { transforms } from '../../src/catalog/transforms/index.ts';
import type { Config } from '../../src/config/config.ts';
import { fromShared, type Part, type Prepared, prepareRows, toShared } from '../../src/data/index.ts';
import { EXIT } from '../../src/errors.ts';
import type { RawData } from '../../src/readers/raw-data.ts';
import { failure } from '../readers/helpers.ts';

const TRAIN = 40;
const COUNT = 50;
/** Every fifth row is of the rare class; x tells the row. */
const raw = (target: RawData['target'] = { kind: 'class', classes: ['no', 'yes'] }): RawData => ({
  shape: [2],
  count: COUNT,
  x: Float32Array.from({ length: COUNT * 2 }, (_, i) => (i % 2 ? (i >> 1) % 7 : i >> 1)),
  y:
    target.kind === 'class'
      ? Int32Array.from({ length: COUNT }, (_, i) => Number(i % 5 === 0))
      : Float32Array.from({ length: COUNT }, (_, i) => i),
  target,
  ids: Uint32Array.from({ length: COUNT }, (_, i) => 100 + i),
  columns: ['a', 'b'].map((name) => ({ name, kind: 'number' })),
  train: TRAIN,
  files: [],
});
const split = {
  type: 'fixed',
  column: null,
  train: null,
  validation: 0,
  test: null,
  stratify: false,
  subsample: 1,
  score_test: true,
};
const config = (type: string | null, fields: object = {}, features: object[] = []) =>
  ({
    seed: 9,
    task: 'classification',
    data: {
      split,
      features,
      audit: {},
      balance: type && { type, ...(balances.get(type)!.schema.parse(fields) as object) },
    },
  }) as unknown as Config;
const L2 = {
  kind: 'normalize',
  type: 'l2',
  columns: null,
  ...(transforms.get('normalize')!.get('l2')!.schema.parse({}) as object),
};
const inOrder = (part: Part) => Uint32Array.from({ length: part.count }, (_, i) => i);
function values(part: Part): number[][] {
  const out = new Float32Array(part.count * 2);
  part.fill('x', out, inOrder(part), 0, part.count);
  return Array.from({ length: part.count }, (_, i) => [...out.subarray(2 * i, 2 * i + 2)]);
}
function labels(part: Part): number[] {
  const out = new Int32Array(part.count);
  part.fill('y', out, inOrder(part), 0, part.count);
  return [...out];
}
const yes = (part: Part) => labels(part).filter((l) => l === 1).length;
const plain = prepareRows(config(null), raw());

describe('balance', () => {
  it('is nothing where none is asked for', () => {
    expect(plain.balance).toBeUndefined();
    expect(plain.unbalanced).toBeUndefined();
    expect([plain.train.count, yes(plain.train)]).toEqual([40, 8]);
  });

  it.each([
    ['oversample', 64, 32],
    ['undersample', 16, 8],
    ['smote', 64, 32],
    ['class_weights', 40, 8],
  ])('%s: training rows alone, told in the report', (type, count, ofYes) => {
    for (const features of [[], [L2]]) {
      const base = prepareRows(config(null, {}, features), raw());
      const data = prepareRows(config(type, {}, features), raw());
      expect([data.train.count, yes(data.train)]).toEqual([count, ofYes]);
      expect(values(data.test)).toEqual(values(base.test));
      expect(values(data.unbalanced!)).toEqual(values(base.train));
      expect(data.splits).toEqual(base.splits);
      expect(data.balance).toMatchObject({
        type,
        before: { no: 32, yes: 8 },
        after: { no: count - ofYes, yes: ofYes },
      });
      const again = prepareRows(config(type, {}, features), raw());
      expect(values(again.train)).toEqual(values(data.train));
      // Rows keep their labels and names, wherever they stand now.
      if (type !== 'smote' && features.length === 0)
        values(data.train).forEach(([row], i) => {
          expect(data.train.ids[i]).toBe(100 + row!);
          expect(labels(data.train)[i]).toBe(Number(row! % 5 === 0));
        });
    }
  });

  it('smote keeps the rows and adds new ones of the rare class, between those it has', () => {
    const data = prepareRows(config('smote'), raw());
    expect(values(data.train).slice(0, 40)).toEqual(values(plain.train));
    expect(labels(data.train).slice(40)).toEqual(new Array(24).fill(1));
    for (const [a, b] of values(data.train).slice(40)) {
      expect(a).toBeGreaterThanOrEqual(0);
      expect(a).toBeLessThanOrEqual(35);
      expect(b).toBeGreaterThanOrEqual(0);
      expect(b).toBeLessThanOrEqual(6);
    }
  });

  it('class weights go with the examples, into the worker as well', () => {
    const data = prepareRows(config('class_weights'), raw());
    const weightsOf = (part: Part) => {
      const out = new Float32Array(part.count);
      part.fill('weight', out, inOrder(part), 0, part.count);
      return [...out];
    };
    const expected = labels(data.train).map((l) => (l === 1 ? 40 / 16 : 40 / 64));
    expect(weightsOf(data.train)).toEqual(expected);
    expect(weightsOf(data.test)).toEqual(new Array(10).fill(1));
    const there = fromShared(structuredClone(toShared(data)));
    expect(weightsOf(there.train)).toEqual(expected);
    expect(values(there.unbalanced!)).toEqual(values(plain.train));
    expect(data.balance!.weights).toEqual({ no: 0.625, yes: 2.5 });
  });

  it('no test row has a say in it', () => {
    const data = (change: number): Prepared => {
      const given = raw();
      (given.x as Float32Array).fill(change, 2 * TRAIN);
      return prepareRows(config('smote'), given);
    };
    expect(values(data(5).train)).toEqual(values(data(-1e6).train));
  });

  it('what is wrong is told with its place', async () => {
    expect(await failure(() => prepareRows(config('smote', { neighbors: 8 }), raw()))).toMatchObject({
      code: 'smote-neighbors',
      exit: EXIT.config,
      details: { path: ['data', 'balance', 'neighbors'] },
    });
    const numbers = raw({ kind: 'number', columns: ['y'] });
    expect(await failure(() => prepareRows(config('oversample'), numbers))).toMatchObject({
      code: 'no-classes',
    });
  });
});

describe('balance of several inputs', () => {
  const other = Float32Array.from({ length: COUNT * 3 }, (_, i) => 1000 + i);
  const two = (): RawData => ({
    ...raw(),
    name: 'a',
    more: [{ name: 'b', shape: [3], x: other }],
  });
  const read = (part: Part, field: string, width: number): number[][] => {
    const out = new Float32Array(part.count * width);
    part.fill(field, out, inOrder(part), 0, part.count);
    return Array.from({ length: part.count }, (_, i) => [...out.subarray(i * width, (i + 1) * width)]);
  };

  it.each([
    ['oversample', {}],
    ['undersample', {}],
  ] as const)('%s takes the rows of all of them', (type, fields) => {
    const { train } = prepareRows(config(type, fields), two());
    expect(train.fields.map(({ name, role }) => [name, role])).toEqual([
      ['a', 'input'],
      ['b', 'input'],
      ['y', 'target'],
      ['weight', 'weight'],
    ]);
    const [a, b] = [read(train, 'a', 2), read(train, 'b', 3)];
    a.forEach(([row], i) => {
      expect(b[i]).toEqual([0, 1, 2].map((j) => 1000 + 3 * row! + j));
    });
    expect(train.count).toBe(type === 'oversample' ? 64 : 16);
  });

  it('smote makes rows of all of them together', () => {
    const { train } = prepareRows(config('smote'), two());
    const [a, b] = [read(train, 'a', 2), read(train, 'b', 3)];
    expect(train.count).toBe(64);
    // Both inputs grow with the row, and a made row lies between two: at one place of both.
    a.forEach(([row], i) => {
      expect(b[i]![0]).toBeCloseTo(1000 + 3 * row!, 2);
      expect(b[i]![2]).toBeCloseTo(1002 + 3 * row!, 2);
    });
  });
});
