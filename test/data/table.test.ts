import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { transforms } from '../../src/catalog/transforms/index.ts';
import type { Config, SplitConfig } from '../../src/config/config.ts';
import { emitTransforms, type Prepared, prepareRows } from '../../src/data/index.ts';
import { evaluateGraph } from '../../src/engines/reference/index.ts';
import { EXIT } from '../../src/errors.ts';
import { GraphBuilder } from '../../src/graph/index.ts';
import { failure } from '../readers/helpers.ts';
import { read, request } from '../readers/table/helpers.ts';
import { splitConfig } from './split-config.ts';

type Row = readonly (number | string | null)[];
type Numbers = (number | null)[][];
const fixture: { train: Row[]; test: Row[]; cases: Record<string, Numbers> } = JSON.parse(
  readFileSync(new URL('../fixtures/columns.json', import.meta.url), 'utf8'),
);

const step = (kind: string, type: string, more: object = {}) => {
  const { columns = null, ...fields } = more as { columns?: readonly string[] };
  return { kind, type, columns, ...(transforms.get(kind)!.get(type)!.schema.parse(fields) as object) };
};
const FIXED = splitConfig({ type: 'fixed', column: 'part' });
const config = (features: object[], split: Partial<SplitConfig> = {}) =>
  ({
    seed: 3,
    task: 'classification',
    data: { features, split: { ...FIXED, ...split }, audit: {} },
  }) as unknown as Config;

const csv = (rows: readonly Row[], part: string) =>
  rows.map((row, i) => [...row.map((v) => v ?? ''), part, i % 2 ? 'p' : 'q'].join(','));
const text = (train: readonly Row[], test: readonly Row[]) =>
  `a,b,c,part,y\n${[...csv(train, 'train'), ...csv(test, 'test')].join('\n')}\n`;

async function prepared(
  features: object[],
  train: readonly Row[] = fixture.train,
  test: readonly Row[] = fixture.test,
): Promise<Prepared> {
  const key = { use: 'fixed', column: 'part' } as const;
  return prepareRows(config(features), await read(text(train, test), { table: request({ key }) }));
}
function valuesOf(part: Prepared['test'], width: number): Float32Array {
  const out = new Float32Array(part.count * width);
  part.fill(
    'x',
    out,
    Uint32Array.from({ length: part.count }, (_, i) => i),
    0,
    part.count,
  );
  return out;
}
const names = (p: Prepared) => p.features!.map(({ name }) => name);
/** Only some columns of the fixture, so that the rest needs no encoding. */
const only =
  (...at: number[]) =>
  (rows: readonly Row[]) =>
    rows.map((row) => row.map((v, j) => (at.includes(j) ? v : j === 2 ? 'x' : 0)));

const IMPUTE = step('impute', 'simple', { numeric: 'median' });
const ONE_HOT = step('encode', 'one_hot');

/** Agreement to 1e-6 of the larger of 1 and the value; parts are float32, which is coarser than that for larger ones. */
function close(found: ArrayLike<number>, expected: Numbers): void {
  const flat = expected.flat() as number[];
  expect(found.length).toBe(flat.length);
  flat.forEach((value, i) => {
    expect(Math.abs(found[i]! - value), `value ${i}: ${found[i]} for ${value}`).toBeLessThanOrEqual(
      1e-6 * Math.max(1, Math.abs(value)),
    );
  });
}

describe('agrees with scikit-learn', () => {
  const drop = (values: Float32Array, width: number, keep: readonly number[]) =>
    Array.from(values).filter((_, i) => keep.includes(i % width));

  it.each(['mean', 'median', 'most_frequent', 'constant'])('impute %s', async (numeric) => {
    const features = [step('impute', 'simple', { numeric, value: 7 }), step('encode', 'ordinal')];
    const data = await prepared(features);
    close(drop(valuesOf(data.test, 3), 3, [0, 1]), fixture.cases[numeric]!);
  });

  it('impute with indicators', async () => {
    const pick = only(0, 1);
    const features = [
      step('impute', 'simple', { numeric: 'mean', indicators: true }),
      step('encode', 'ordinal'),
    ];
    const data = await prepared(features, pick(fixture.train), pick(fixture.test));
    expect(names(data)).toEqual(['a', 'a_missing', 'b', 'b_missing', 'c']);
    const order = [0, 2, 1, 3];
    const found = Array.from({ length: data.test.count }, (_, i) =>
      order.map((j) => valuesOf(data.test, 5)[i * 5 + j]!),
    );
    close(found.flat(), fixture.cases['indicators']!);
  });

  it.each([
    ['one_hot', {}, ['c=blue', 'c=green', 'c=red']],
    ['one_hot_min_frequency', { min_frequency: 10 }, ['c=blue', 'c=green', 'c=other']],
    ['one_hot_max_categories', { max_categories: 2 }, ['c=blue', 'c=other']],
  ])('%s, with a level that training lacks', async (name, fields, expected) => {
    const pick = only(2);
    const data = await prepared(
      [IMPUTE, step('encode', 'one_hot', fields)],
      pick(fixture.train),
      pick(fixture.test),
    );
    const width = expected.length + 2;
    const made = names(data).slice(2);
    close(
      drop(
        valuesOf(data.test, width),
        width,
        made.map((_, i) => i + 2),
      ),
      fixture.cases[name]!,
    );
    expect(made).toEqual(expected);
  });

  it('one_hot of missing values', async () => {
    const pick = only(2);
    const data = await prepared([ONE_HOT], pick(fixture.train), pick(fixture.test));
    expect(names(data)).toEqual(['a', 'b', 'c=blue', 'c=green', 'c=red', 'c=(missing)']);
    close(drop(valuesOf(data.test, 6), 6, [2, 3, 4, 5]), fixture.cases['one_hot_missing']!);
  });

  it('ordinal', async () => {
    const data = await prepared([IMPUTE, step('encode', 'ordinal')]);
    close(drop(valuesOf(data.test, 3), 3, [2]), fixture.cases['ordinal']!);
  });

  it('impute, one_hot and standard as a ColumnTransformer', async () => {
    const data = await prepared([IMPUTE, ONE_HOT, step('normalize', 'standard', { axis: 'feature' })]);
    close(valuesOf(data.test, 5), fixture.cases['whole']!);
  });
});

const CHAINS: [string, object[]][] = [
  ['one_hot', [IMPUTE, ONE_HOT, step('normalize', 'standard')]],
  [
    'rare levels',
    [step('impute', 'simple', { indicators: true }), step('encode', 'one_hot', { min_frequency: 9 })],
  ],
  ['missing level', [step('encode', 'one_hot'), IMPUTE, step('normalize', 'robust')]],
  [
    'ordinal',
    [step('encode', 'ordinal'), step('impute', 'simple', { numeric: 'mean' }), step('normalize', 'l2')],
  ],
  ['frequency', [IMPUTE, step('encode', 'frequency'), step('normalize', 'min_max', { columns: ['c'] })]],
  [
    'pca',
    [
      IMPUTE,
      step('normalize', 'standard'),
      step('reduce', 'pca', { components: 1, columns: ['a', 'b'] }),
      ONE_HOT,
    ],
  ],
  ['new level', [step('impute', 'simple', { categorical: 'constant', level: 'none' }), ONE_HOT]],
];

describe.each(CHAINS)('%s', (_, chain) => {
  it('no fitted statistic depends on a test row', async () => {
    const base = await prepared(chain);
    const facts = (p: Prepared) =>
      JSON.stringify(
        [names(p), p.columns, p.transforms.map(({ fitted, layout }) => [fitted, layout])],
        (_k, v) => (ArrayBuffer.isView(v) ? Array.from(v as Float64Array) : v),
      );
    const level = fc.constantFrom('aaa', 'blue', 'green', 'zzz', null);
    const number = fc.option(fc.double({ min: -1e6, max: 1e6, noNaN: true }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(number, number, level), { minLength: 1, maxLength: 6 }),
        async (rows) => {
          const other = await prepared(chain, fixture.train, rows);
          expect(facts(other)).toBe(facts(base));
          expect(valuesOf(other.train, other.shape[0]!)).toEqual(valuesOf(base.train, base.shape[0]!));
        },
      ),
      { numRuns: 5 },
    );
    const changed = fixture.train.map((row, i) => (i === 0 ? [9999, 6, 'green'] : row));
    expect(facts(await prepared(chain, changed))).not.toBe(facts(base));
  });

  it('the graph of the export computes the same from the raw columns', async () => {
    const data = await prepared(chain);
    const raw = await read(text(fixture.train, fixture.test), {
      table: request({ key: { use: 'fixed', column: 'part' } }),
    });
    const width = raw.columns!.length;
    const rows = data.test.rows;
    const x = new Float32Array(rows.length * width);
    rows.forEach((row, i) => {
      raw.columns!.forEach((column, j) => {
        const value = raw.x[row * width + j]!;
        // As columns.json says: the index among the levels of training, -1 for others.
        x[i * width + j] =
          column.levels && value >= 0 ? data.columns![j]!.levels!.indexOf(column.levels[value]!) : value;
      });
    });
    const g = new GraphBuilder();
    const out = emitTransforms(g, g.input('x', [rows.length, width]), data.transforms, raw.columns);
    g.output('out', out);
    const found = evaluateGraph(g.finish(), { x })['out']!;
    const expected = valuesOf(data.test, data.shape[0]!);
    expect(out.shape).toEqual([rows.length, data.shape[0]]);
    expected.forEach((value, i) => {
      expect(Math.abs(found[i]! - value), `value ${i}`).toBeLessThan(1e-5);
    });
  });
});

it('columns of the same name are told apart', async () => {
  const twice = [
    IMPUTE,
    ONE_HOT,
    step('reduce', 'random_projection', { components: 2, columns: ['a', 'b'] }),
    step('reduce', 'random_projection', { components: 2, columns: ['c=blue', 'c=red'] }),
  ];
  expect(names(await prepared(twice))).toEqual([
    'c=green',
    'random_projection_1',
    'random_projection_2',
    'random_projection_1_2',
    'random_projection_2_2',
  ]);
});

describe('what is wrong is told', () => {
  it.each([
    [
      [IMPUTE],
      {
        code: 'not-numeric',
        exit: EXIT.data,
        message: '`c` is a category (blue, green, red); the network needs numbers',
      },
    ],
    [[ONE_HOT], { code: 'missing-values', exit: EXIT.data }],
    [
      [ONE_HOT, step('normalize', 'standard')],
      { code: 'missing-values', details: { path: ['data', 'features', 1, 'normalize'] } },
    ],
    [
      [step('impute', 'simple', { columns: ['aa'] })],
      { code: 'no-such-column', details: { path: ['data', 'features', 0, 'impute', 'columns'] } },
    ],
    [[step('normalize', 'standard', { columns: ['c'] })], { code: 'column-kind' }],
    [[IMPUTE, ONE_HOT, ONE_HOT], { code: 'no-columns' }],
    [[IMPUTE, step('encode', 'one_hot', { unknown: 'error' })], { code: 'unknown-level', exit: EXIT.data }],
    [[IMPUTE, step('encode', 'ordinal', { order: ['red', 'green'] })], { code: 'order' }],
  ])('%#', async (features, expected) => {
    expect(await failure(() => prepared(features))).toMatchObject(expected);
  });
  it('a column without any value in training', async () => {
    const train = fixture.train.map(([, b, c]): Row => [null, b!, c!]);
    expect(await failure(() => prepared([IMPUTE], train))).toMatchObject({ code: 'all-missing' });
  });
  it('a constant feature becomes zeros, as in scikit-learn', async () => {
    const train = fixture.train.map(([, b, c]): Row => [5, b!, c!]);
    const data = await prepared([IMPUTE, ONE_HOT, step('normalize', 'standard')], train);
    expect([...valuesOf(data.train, 5)].filter((_, i) => i % 5 === 0)).toEqual(new Array(40).fill(0));
  });
});

describe('splits by a column', () => {
  const rows = Array.from(
    { length: 90 },
    (_, i) => `${i},${(i * 7) % 13},${2000 + ((i * 37) % 90)},${i % 3 ? 'p' : 'q'}`,
  );
  const make = async (split: Partial<SplitConfig>, lines = rows, seed = 3) => {
    const { type, column = null } = split as SplitConfig;
    const key = { use: type as 'group', column };
    const raw = await read(`id,g,t,y\n${lines.join('\n')}\n`, { table: request({ key }), seed });
    const data = prepareRows({ ...config([], { test: 0.3, ...split }), seed } as Config, raw);
    const of = (part: Prepared['test']) => Array.from(part.ids, (id) => lines[id]!.split(','));
    return {
      train: of(data.train),
      validation: of(data.validation),
      test: of(data.test),
      columns: names(data),
    };
  };
  const column = (part: string[][], j: number) => part.map((row) => Number(row[j]));

  it('group: no group in two parts, sizes about as asked', async () => {
    const { train, validation, test, columns } = await make({ type: 'group', column: 'g', validation: 0.2 });
    const groups = [train, validation, test].map((part) => new Set(column(part, 1)));
    expect(groups.reduce((sum, set) => sum + set.size, 0)).toBe(13);
    expect(new Set(groups.flatMap((set) => [...set])).size).toBe(13);
    expect(train.length + validation.length + test.length).toBe(90);
    expect(Math.abs(test.length - 27)).toBeLessThanOrEqual(7);
    expect(columns).toEqual(['id', 't']);
  });
  it('group: the same groups whatever the order of rows', async () => {
    const split = { type: 'group', column: 'g' } as const;
    const sorted = (part: string[][]) => part.map(String).sort();
    expect(sorted((await make(split, rows.slice().reverse())).test)).toEqual(
      sorted((await make(split)).test),
    );
    expect(sorted((await make(split, rows, 8)).test)).not.toEqual(sorted((await make(split)).test));
  });
  it('time: nothing of the test is earlier than training', async () => {
    const { train, validation, test } = await make({ type: 'time', column: 't', validation: 0.2 });
    expect(Math.max(...column(train, 2))).toBeLessThan(Math.min(...column(validation, 2)));
    expect(Math.max(...column(validation, 2))).toBeLessThan(Math.min(...column(test, 2)));
    expect([train.length, validation.length, test.length]).toEqual([50, 13, 27]);
  });
  it('hash: rows stay where they are when others are added', async () => {
    const split = { type: 'hash', column: 'id', test: 0.3, validation: 0.2 } as const;
    const few = await make(split, rows.slice(0, 60));
    const all = await make(split);
    for (const part of ['train', 'validation', 'test'] as const)
      for (const row of few[part]) expect(all[part]).toContainEqual(row);
    expect(all.test.length).toBeGreaterThan(15);
    expect(all.test.length).toBeLessThan(40);
  });
  it('hash of everything keeps equal rows together', async () => {
    const twice = [...rows, ...rows];
    const { train, test } = await make({ type: 'hash' }, twice);
    const there = new Set(train.map(String));
    expect(test.filter((row) => there.has(String(row)))).toEqual([]);
  });
  it.each([
    [{ type: 'group', column: 'gg' }, 'no-such-column'],
    [{ type: 'time', column: 'y' }, 'target'],
    [{ type: 'fixed', column: 'g' }, 'split-key'],
  ] as const)('%j', async (split, code) => {
    const error = await failure(() => make(split));
    if (code !== 'target') expect(error.code).toBe(code);
    expect(error.details.help).toBeTruthy();
  });
  it('a class that training lacks', async () => {
    const lines = rows.map((row, i) => (i === 5 ? `5,0,3000,r` : row));
    expect(await failure(() => make({ type: 'time', column: 't' }, lines))).toMatchObject({
      code: 'class-absent',
    });
  });
});
