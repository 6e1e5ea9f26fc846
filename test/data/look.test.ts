import { describe, expect, it } from 'vitest';
import { normal, streamKey, uniform } from '../../src/base/random.ts';
import type { Config } from '../../src/config/config.ts';
import { chiSquared, kolmogorovSmirnov, upperGamma } from '../../src/data/look/drift.ts';
import { lookAt } from '../../src/data/look/index.ts';
import { tsne } from '../../src/data/look/tsne.ts';
import { read } from '../readers/table/helpers.ts';

const key = streamKey(5, 'test/look');
const split = {
  type: 'random',
  column: null,
  train: 0.7,
  validation: 0,
  test: 0.3,
  stratify: false,
  subsample: 1,
  score_test: true,
};
const config = (more: object = {}) =>
  ({
    name: 'x',
    seed: 3,
    task: 'classification',
    data: { source: { type: 'csv' }, target: 'y', split: { ...split, ...more }, audit: {} },
  }) as unknown as Config;

describe('drift', () => {
  it('agrees with scipy', () => {
    const power = (count: number, exponent: number) =>
      Float64Array.from({ length: count }, (_, i) => (i + 1) ** exponent);
    // scipy.stats.ks_2samp, exact: the asymptotic formula with Stephens' correction comes near.
    const ks = kolmogorovSmirnov(power(60, 1.1), power(80, 1.15));
    expect(ks.statistic).toBeCloseTo(0.375, 10);
    expect(ks.p).toBeGreaterThan(0.6 * 8.757e-5);
    expect(ks.p).toBeLessThan(1.4 * 8.757e-5);
    // scipy.stats.chi2_contingency(…, correction=False)
    const chi = chiSquared([30, 14, 34, 45], [57, 20, 10, 30]);
    expect(chi.statistic).toBeCloseTo(25.394914786890247, 8);
    expect(chi.p / 1.276637334109168e-5).toBeCloseTo(1, 6);
    // scipy.stats.gamma.sf
    for (const [a, x, q] of [
      [2.5, 3.2, 0.2692187989871035],
      [12, 40, 6.084202717664003e-8],
      [0.5, 0.1, 0.6547208460185768],
    ] as const)
      expect(upperGamma(a, x) / q).toBeCloseTo(1, 10);
  });

  it('says nothing of equal samples, and of one that is empty', () => {
    const same = Float64Array.from({ length: 50 }, (_, i) => i);
    expect(kolmogorovSmirnov(same, same)).toEqual({ statistic: 0, p: 1 });
    expect(chiSquared([3, 4], [0, 0])).toEqual({ statistic: 0, p: 1 });
  });
});

describe('t-SNE', () => {
  it('keeps three far groups apart, the same for the same seed', () => {
    const [count, width] = [90, 4];
    const x = Float64Array.from(
      { length: count * width },
      (_, k) => normal(key, k) + (Math.floor(k / width) % 3) * 12,
    );
    const y = tsne(x, count, { seed: 1 });
    expect(tsne(x, count, { seed: 1 })).toEqual(y);
    const nearest = (i: number) =>
      y.reduce(
        (best, [a, b], j) => {
          const d = (a - y[i]![0]) ** 2 + (b - y[i]![1]) ** 2;
          return j !== i && d < best.d ? { j, d } : best;
        },
        { j: -1, d: Number.POSITIVE_INFINITY },
      ).j;
    for (let i = 0; i < count; i++) expect(nearest(i) % 3).toBe(i % 3);
  });
});

describe('a look', () => {
  const rows = (late: (i: number) => string) =>
    Array.from({ length: 200 }, (_, i) => {
      const y = uniform(key, i) < 0.4 ? 'yes' : 'no';
      const a = i === 17 ? 1000 : normal(key, 300 + i) + (y === 'yes' ? 3 : 0);
      return [
        a.toFixed(4),
        i % 7 === 0 ? '' : ['red', 'green'][i % 2],
        i < 140 ? 'train' : 'test',
        late(i) || y,
      ].join(',');
    });
  const fixed = { type: 'fixed', column: 'part', train: null, test: null };
  const text = (late: (i: number) => string = () => '') => `a,color,part,y\n${rows(late).join('\n')}\n`;
  const look = async (table: string) =>
    lookAt(
      config(fixed),
      await read(table, { table: { rows: [], columns: {}, key: { use: 'fixed', column: 'part' } } }),
      { scatter: true },
    );

  it('has shares, levels, outliers, relations and three projections', async () => {
    const found = await look(text());
    const [a, color] = found.columns!;
    expect(found.rows).toEqual({ train: 140, validation: 0, test: 60 });
    expect(a!.numbers).toMatchObject({ max: 1000, outliers: 1, farthest: [{ row: 18, value: 1000 }] });
    for (const shares of Object.values(a!.histogram!.shares))
      expect(shares!.reduce((s, v) => s + v, 0)).toBeCloseTo(1, 10);
    expect(a!.relation).toBeGreaterThan(0.5);
    expect(color).toMatchObject({
      kind: 'category',
      missing: { train: expect.closeTo(1 / 7, 10) },
      levels: { names: ['green', 'red'] },
    });
    expect(color!.relation).toBeLessThan(0.3);
    expect(found.scatter!.projections.map(({ method, points }) => [method, points.length])).toEqual([
      ['pca', 140],
      ['umap', 140],
      ['tsne', 140],
    ]);
    for (const { points } of found.scatter!.projections)
      expect(points.flat().every(Number.isFinite)).toBe(true);
    expect(await look(text())).toEqual(found);
  });

  it('is the same whatever the targets of test rows are, but for their own counts', async () => {
    const before = await look(text());
    const after = await look(text((i) => (i >= 140 ? (i % 2 ? 'yes' : 'no') : '')));
    const known = (found: typeof before) => ({
      ...found,
      files: null,
      target: { ...found.target, classes: found.target.classes!.counts.train },
    });
    expect(known(after)).toEqual(known(before));
  });
});
