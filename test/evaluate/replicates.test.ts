import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compareReplicates, replicates, studentInterval } from '../../src/evaluate/index.ts';

// SciPy's numbers, see make-statistics.py there.
const { welch } = JSON.parse(
  readFileSync(new URL('../fixtures/statistics.json', import.meta.url), 'utf8'),
) as { welch: { first: number[]; second: number[]; p: number; interval: [number, number] }[] };

const folds = { method: 'corrected_resampled_t', tested: 1, trained: 4 } as const;
const seeds = { method: 'student' } as const;

describe('several runs of one config', () => {
  it("have Student's interval over seeds", () => {
    const values = [0.9, 0.92, 0.95, 0.91];
    const found = replicates(values, seeds);
    expect(found.value).toBeCloseTo(0.92, 12);
    expect(found.interval).toEqual(studentInterval(values));
  });

  it('have a wider one over folds, by Nadeau and Bengio', () => {
    const values = [0.9, 0.92, 0.95, 0.91, 0.89];
    const [wide, plain] = [replicates(values, folds), replicates(values, seeds)];
    const half = (r: typeof wide) => (r.interval![1] - r.interval![0]) / 2;
    // √((1/5 + 1/4) / (1/5))
    expect(half(wide) / half(plain)).toBeCloseTo(1.5, 12);
  });

  it('have an interval that ends where the metric does', () => {
    expect(replicates([0.99, 1, 0.95], seeds, [0, 1]).interval![1]).toBe(1);
  });

  it.each<[string, (number | null)[], object]>([
    ['none', [], { value: null, values: [] }],
    ['none that is defined', [null, null], { value: null, values: [null, null] }],
    ['one', [0.5, null], { value: 0.5, values: [0.5, null] }],
    ['no number', [Number.NaN, 0.5], { value: 0.5 }],
  ])('%s: no interval', (_, values, expected) => {
    const found = replicates(values, seeds);
    expect(found).toMatchObject(expected);
    expect(found.interval).toBeUndefined();
  });
});

describe('the difference of two sets of runs', () => {
  it.each(welch)("of seeds is Welch's, as SciPy has it: p = $p", ({ first, second, p, interval }) => {
    const found = compareReplicates(first, second, seeds);
    expect(found.p).toBeCloseTo(p, 8);
    expect(found.interval![0]).toBeCloseTo(interval[0], 7);
    expect(found.interval![1]).toBeCloseTo(interval[1], 7);
  });

  it('of folds goes fold by fold', () => {
    // Differences 0.01, 0.02, 0.03: t = 0.02 / (0.01 √(1/3 + 1/4)), 2 degrees of freedom.
    const found = compareReplicates([0.1, 0.5, 0.9], [0.11, 0.52, 0.93], folds);
    expect(found.difference).toBeCloseTo(0.02, 12);
    expect(found.p).toBeCloseTo(0.12, 2);
    expect(found.test).toBe('paired corrected resampled t');
  });

  it.each<[string, number[], number[]]>([
    ['no spread', [0.9, 0.9, 0.9], [0.8, 0.8, 0.8]],
    ['a single run', [0.9], [0.8]],
    ['equal differences but for rounding', [0.3, 0.2, 0.1], [0.4, 0.3, 0.2]],
  ])('%s: no p value', (_, a, b) => {
    for (const spread of [seeds, folds]) {
      if (spread === seeds && a[0] === 0.3) continue;
      const found = compareReplicates(a, b, spread);
      expect(found.difference).not.toBeNull();
      expect(found.p).toBeUndefined();
    }
  });

  it('is nothing where one side has nothing', () => {
    expect(compareReplicates([null], [0.5], seeds)).toMatchObject({ difference: null });
    expect(compareReplicates([null, 0.1], [0.5, null], folds)).toMatchObject({ difference: null });
  });
});
