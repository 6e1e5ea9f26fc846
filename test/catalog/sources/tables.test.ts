import { describe, expect, it } from 'vitest';
import { sources } from '../../../src/catalog/sources/index.ts';
import { EXIT } from '../../../src/errors.ts';
import { context, failure } from '../../readers/helpers.ts';

const inline = sources.get('inline')!;
const generated = sources.get('generated')!;
const label = context({ target: 'label' });

describe('inline', () => {
  const points = [
    { x: 0, label: 1, y: 0 },
    { x: 1, label: 1, y: 1 },
    { x: 2, label: 0, y: 1 },
  ];

  it('takes columns in the order of the first row, without the target', async () => {
    const raw = await inline.read({ rows: [points[0], { y: 5, x: 4, label: 0 }] }, label);
    expect(raw).toMatchObject({
      shape: [2],
      count: 2,
      columns: [{ name: 'x' }, { name: 'y' }],
      target: { classes: ['0', '1'] },
    });
    expect([...raw.x]).toEqual([0, 0, 4, 5]);
    expect(raw.y).toEqual(Int32Array.of(1, 0));
    expect(inline.describe({ rows: points }, label)).toMatchObject({ shape: [2], count: 3 });
  });

  it('orders classes by number, then by text', async () => {
    const rows = ['b', 10, 9, 'a', '-1', 'B'].map((value) => ({ x: 1, label: value }));
    const raw = await inline.read({ rows }, label);
    expect(raw.target).toEqual({ kind: 'class', classes: ['-1', '9', '10', 'B', 'a', 'b'] });
    expect([...raw.y]).toEqual([5, 2, 1, 4, 0, 3]);
  });

  it('numbers in a regression', async () => {
    const raw = await inline.read({ rows: points }, context({ task: 'regression', target: 'y' }));
    expect(raw.target).toEqual({ kind: 'number', columns: ['y'] });
    expect(raw.y).toEqual(Float32Array.of(0, 1, 1));
    expect(raw.columns).toMatchObject([{ name: 'x' }, { name: 'label' }]);
  });

  it('the fingerprint follows the values', async () => {
    const of = async (rows: object[]) => (await inline.read({ rows }, label)).files[0]!.sha256;
    expect(await of(points)).toBe(await of(structuredClone(points)));
    expect(await of(points)).not.toBe(await of([{ ...points[0], x: 3 }, ...points.slice(1)]));
  });

  it.each([
    ['no target', points, undefined, ['data', 'target'], /needs `data.target`/],
    ['an unknown target', points, 'lable', ['data', 'target'], /`lable` is no column/],
    [
      'a missing column',
      [points[0], { x: 1, label: 0 }],
      'label',
      ['data', 'source', 'rows', 1],
      /row 2 has no `y`/,
    ],
    [
      'a further column',
      [points[0], { ...points[1], z: 1 }],
      'label',
      ['data', 'source', 'rows', 1, 'z'],
      /row 2 has `z`/,
    ],
    [
      'a text',
      [points[0], { ...points[1], y: 'one' }],
      'label',
      ['data', 'source', 'rows', 1, 'y'],
      /found "one"/,
    ],
    [
      'a number too large',
      [{ ...points[0], x: 1e39 }],
      'label',
      ['data', 'source', 'rows', 0, 'x'],
      /1e\+39/,
    ],
    ['only a target', [{ label: 1 }], 'label', ['data', 'source', 'rows', 0], /no column besides/],
  ])('%s', async (_, rows, target, path, message) => {
    const error = await failure(() => inline.read({ rows }, context({ target })));
    expect(error).toMatchObject({ exit: EXIT.config, details: { path } });
    expect(error.message).toMatch(message);
    expect(await failure(() => inline.describe({ rows }, context({ target })))).toMatchObject({
      code: error.code,
    });
  });

  it('the schema refuses what is no number or text', () => {
    for (const rows of [[], [{ x: null }], [{ x: Number.NaN }], [[1, 2]], 'x'])
      expect(inline.schema.safeParse({ rows }).success).toBe(false);
  });
});

describe('generated', () => {
  const params = (more: object = {}) => generated.schema.parse(more);
  const ctx = context({ task: 'regression', seed: 7 });

  it('is the line that it says, exactly without noise', async () => {
    const raw = await generated.read(
      params({ coefficients: [2, -1], intercept: 3, noise: 0, count: 50 }),
      ctx,
    );
    expect(raw).toMatchObject({
      shape: [2],
      count: 50,
      columns: [{ name: 'x1' }, { name: 'x2' }],
      target: { columns: ['y'] },
    });
    for (let i = 0; i < 50; i++) {
      const [a, b] = [raw.x[2 * i]!, raw.x[2 * i + 1]!];
      expect(raw.y[i]).toBe(Math.fround(3 + 2 * a - b));
      expect(Math.min(a, b)).toBeGreaterThanOrEqual(-1);
      expect(Math.max(a, b)).toBeLessThan(1);
    }
  });

  it('has the noise that it says', async () => {
    const raw = await generated.read(params({ count: 20_000, noise: 0.5, low: 2, high: 6 }), ctx);
    const errors = Array.from(raw.y, (y, i) => y - 2 * raw.x[i]!);
    const mean = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0) / values.length;
    expect(mean(raw.x)).toBeCloseTo(4, 1);
    expect(Math.abs(mean(errors))).toBeLessThan(0.015); // 4 standard errors
    expect(Math.sqrt(mean(errors.map((e) => e * e)))).toBeCloseTo(0.5, 1);
  });

  it('depends on the seed and on nothing else', async () => {
    const read = (seed: number) => generated.read(params(), context({ task: 'regression', seed }));
    const [a, b, c] = [await read(1), await read(1), await read(2)];
    expect(a).toEqual(b);
    expect(a.x).not.toEqual(c.x);
    expect(a.files[0]!.sha256).not.toBe(c.files[0]!.sha256);
  });

  it('refuses an empty range and a classification', async () => {
    expect(await failure(() => generated.describe(params({ low: 1, high: 1 }), ctx))).toMatchObject({
      exit: EXIT.config,
      details: { path: ['data', 'source', 'low'] },
    });
    expect(await failure(() => generated.read(params(), context()))).toMatchObject({
      details: { path: ['task'] },
    });
  });
});
