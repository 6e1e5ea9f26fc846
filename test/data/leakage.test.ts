import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { transforms } from '../../src/catalog/transforms/index.ts';
import type { Config } from '../../src/config/config.ts';
import { type Prepared, prepareRows } from '../../src/data/index.ts';
import type { Column, RawData } from '../../src/readers/raw-data.ts';
import type { TransformCase } from '../contracts/transform.ts';
import { CASES } from '../contracts/transform-cases.ts';

const TRAIN = 30;
type Cell = number | null;
type TestRow = { n: Cell[]; d: Cell; b: Cell; c: string | null; t: string | null; y: number };

const LEVELS = ['blue', 'green', 'red'];
const training = Array.from({ length: TRAIN }, (_, i): TestRow => {
  const u = (k: number) => Math.round(1000 * ((Math.abs(Math.sin(i * 7.13 + k) * 4375.85) % 1) + 0.01)) / 16;
  const hole = (k: number) => i % 11 === k;
  return {
    n: [hole(1) ? null : u(1), u(2), u(3)],
    d: hole(2) ? null : Math.floor(u(4) * 300),
    b: Number(u(5) > 30),
    c: hole(3) ? null : LEVELS[Math.floor(u(6)) % 3]!,
    t: hole(4) ? null : `word${i % 4} and word${i % 3} again`,
    y: (i + Number(u(1) > 20)) % 3,
  };
});

/** A table as a source would hand it over, whose levels and texts are those of all rows. */
function table(test: readonly TestRow[], classes: number): RawData {
  const rows = [...training, ...test];
  const different = (values: (string | null)[]) => [...new Set(values.filter((v) => v !== null))].sort();
  const levels = different(rows.map(({ c }) => c));
  const texts = different(rows.map(({ t }) => t));
  const columns: Column[] = [
    ...['n1', 'n2', 'n3'].map((name): Column => ({ name, kind: 'number' })),
    { name: 'd', kind: 'date' },
    { name: 'b', kind: 'binary' },
    { name: 'c', kind: 'category', levels },
    { name: 't', kind: 'text', levels: texts },
  ];
  const code = (list: string[], value: string | null) => (value === null ? Number.NaN : list.indexOf(value));
  const x = rows.flatMap(({ n, d, b, c, t }) => [
    ...[...n, d, b].map((v) => v ?? Number.NaN),
    code(levels, c),
    code(texts, t),
  ]);
  const y = rows.map((row) => (classes > 0 ? row.y % classes : row.y + (row.n[1] ?? 0)));
  return {
    shape: [columns.length],
    count: rows.length,
    columns,
    x: Float32Array.from(x),
    y: classes > 0 ? Int32Array.from(y) : Float32Array.from(y),
    target:
      classes > 0
        ? { kind: 'class', classes: ['p', 'q', 'r'].slice(0, classes) }
        : { kind: 'number', columns: ['y'] },
    train: TRAIN,
    files: [],
  };
}

const step = (kind: string, type: string, fields: object = {}) => ({
  kind,
  type,
  columns: null,
  ...(transforms.get(kind)!.get(type)!.schema.parse(fields) as object),
});
const config = (features: object[]) =>
  ({
    seed: 5,
    task: 'classification',
    data: {
      features,
      audit: {},
      split: {
        type: 'fixed',
        column: null,
        train: null,
        validation: 0,
        test: null,
        stratify: false,
        subsample: 1,
        score_test: true,
      },
    },
  }) as unknown as Config;

/** What is left for the network to take: the transform in question, then what makes numbers of the rest. */
function chainOf(kind: string, type: string, { params, kind: takes }: TransformCase) {
  const tried = step(kind, type, params);
  const filled = step('impute', 'simple', { indicators: true });
  const numbers = [
    step('encode', 'ordinal'),
    step('vectorize', 'bag_of_words'),
    step('impute', 'simple', { numeric: 'mean' }),
  ];
  // Before anything is filled, where it has a rule for missing values; what kind and names columns have then, it must cope with.
  const entry = transforms.get(kind)!.get(type)!;
  const only = takes === 'number' ? { columns: ['n1', 'n2', 'n3'] } : {};
  const chain = entry.missing ? [{ ...tried, ...only }] : [filled, { ...tried, ...only }];
  const left = numbers.filter(({ kind: k }) => !(k === kind && kind === 'vectorize'));
  return [...chain, ...left.filter(({ kind: k }) => !(k === 'encode' && kind === 'encode'))];
}

const learned = (p: Prepared) =>
  JSON.stringify(
    [
      p.columns?.filter(({ kind }) => kind !== 'text'),
      p.features,
      p.transforms.map(({ fitted, layout }) => [fitted, layout]),
    ],
    (_, v) => (ArrayBuffer.isView(v) ? Array.from(v as Float64Array) : v),
  );
function trainValues({ train, shape }: Prepared): Float32Array {
  const out = new Float32Array(train.count * shape.reduce((a, b) => a * b, 1));
  train.fill(
    'x',
    out,
    Uint32Array.from({ length: train.count }, (_, i) => i),
    0,
    train.count,
  );
  return out;
}

const cell = fc.option(fc.double({ min: 0, max: 1e6, noNaN: true }), { freq: 5 });
const testRows = fc.array(
  fc.record({
    n: fc.tuple(cell, cell, cell),
    d: fc.option(fc.integer({ min: -5000, max: 40_000 })),
    b: fc.option(fc.integer({ min: 0, max: 1 })),
    c: fc.option(fc.constantFrom('aaa', 'blue', 'green', 'zzz')),
    t: fc.option(fc.constantFrom('word1 word9', 'aardvark', 'again again again', '')),
    y: fc.integer({ min: 0, max: 2 }),
  }),
  { minLength: 1, maxLength: 8 },
);
const OTHER: TestRow = { n: [1, 2, 3], d: 10, b: 0, c: 'blue', t: 'word1', y: 1 };

const cases = Object.entries(CASES).flatMap(([name, list]) =>
  list.filter(({ kind }) => kind !== 'binary').map((given) => [name, given] as const),
);

describe('nothing that is fitted depends on a test row', () => {
  it.each(cases)('%s %j, of a table', (name, given) => {
    const [kind, type] = name.split(' ') as [string, string];
    const chain = config(chainOf(kind, type, given));
    const classes = given.classes ?? 0;
    const base = prepareRows(chain, table([OTHER], classes));
    const [facts, values] = [learned(base), trainValues(base)];
    fc.assert(
      fc.property(testRows, (rows) => {
        const found = prepareRows(chain, table(rows as TestRow[], classes));
        expect(learned(found)).toBe(facts);
        expect(trainValues(found)).toEqual(values);
      }),
      { numRuns: 8 },
    );
  });

  // Without shuffling, the second of two folds is the last half of the rows.
  it.each(cases.filter(([name], i) => cases.findIndex(([other]) => other === name) === i))(
    '%s %j, of a fold that is held out',
    (name, given) => {
      const [kind, type] = name.split(' ') as [string, string];
      const chain = config(chainOf(kind, type, given));
      const folds = { folds: 2, fold: 2, shuffle: false, type: 'k_fold' as const };
      const split = { ...chain.data.split, ...folds };
      const folded = { ...chain, data: { ...chain.data, split } };
      const classes = given.classes ?? 0;
      const half = (rows: readonly TestRow[]) =>
        Array.from({ length: TRAIN }, (_, i) => rows[i % rows.length]!);
      const base = prepareRows(folded, table(half([OTHER]), classes));
      expect(base.train.count).toBe(TRAIN);
      const [facts, values] = [learned(base), trainValues(base)];
      fc.assert(
        fc.property(testRows, (rows) => {
          const found = prepareRows(folded, table(half(rows as TestRow[]), classes));
          expect(learned(found)).toBe(facts);
          expect(trainValues(found)).toEqual(values);
        }),
        { numRuns: 4 },
      );
    },
  );

  const arrays = cases.filter(
    ([name, { kind }]) => kind === 'number' && !/^(impute|polynomial)/.test(name) && !/mutual/.test(name),
  );
  it.each(arrays)('%s %j, of an array', (name, given) => {
    const [kind, type] = name.split(' ') as [string, string];
    const classes = given.classes ?? 0;
    const pixels = Array.from({ length: TRAIN * 6 }, (_, i) => (i * i * 31 + i * 17) % 256);
    const make = (test: readonly number[]): Prepared =>
      prepareRows(config([step(kind, type, given.params)]), {
        shape: [2, 3, 1],
        count: TRAIN + test.length / 6,
        x: Uint8Array.from([...pixels, ...test]),
        y:
          classes > 0
            ? Int32Array.from({ length: TRAIN + test.length / 6 }, (_, i) => i % classes)
            : Float32Array.from({ length: TRAIN + test.length / 6 }, (_, i) => (i * 5) % 7),
        target:
          classes > 0
            ? { kind: 'class', classes: ['p', 'q', 'r'].slice(0, classes) }
            : { kind: 'number', columns: ['y'] },
        train: TRAIN,
        files: [],
      });
    const base = make([1, 2, 3, 4, 5, 6]);
    const [facts, values] = [learned(base), trainValues(base)];
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.nat(255), { minLength: 6, maxLength: 6 }), { minLength: 1, maxLength: 5 }),
        (rows) => {
          const found = make(rows.flat());
          expect(learned(found)).toBe(facts);
          expect(trainValues(found)).toEqual(values);
        },
      ),
      { numRuns: 8 },
    );
  });

  it('but it does on a training row', () => {
    const chain = config(chainOf('normalize', 'standard', { kind: 'number' }));
    const base = table([OTHER], 0);
    const x = (base.x as Float32Array).slice();
    x[1] = 9999;
    expect(learned(prepareRows(chain, { ...base, x }))).not.toBe(learned(prepareRows(chain, base)));
  });
});
