import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { streamKey, uniform } from '../../src/base/random.ts';
import { metrics } from '../../src/catalog/metrics/index.ts';
import { takeRows } from '../../src/catalog/metrics/take-rows.ts';
import { mcnemar, pairedBootstrap } from '../../src/evaluate/index.ts';
import { predictionsOf } from '../predictions-of.ts';

const fixtures: { mcnemar: { first: number; second: number; p: number }[] } = JSON.parse(
  readFileSync(new URL('../fixtures/statistics.json', import.meta.url), 'utf8'),
);

const binary = (truth: number[], predicted: number[]) =>
  predictionsOf({
    task: 'classification',
    scores: Float32Array.from(predicted),
    units: 1,
    truth: Int32Array.from(truth),
    classes: ['no', 'yes'],
    decision: { kind: 'threshold', at: 0.5 },
  });

describe('mcnemar', () => {
  it.each(fixtures.mcnemar)('agrees with SciPy: $first against $second', ({ first, second, p }) => {
    const one = [...new Array(first).fill(true), ...new Array(second).fill(false), true, false];
    const other = [...new Array(first).fill(false), ...new Array(second).fill(true), true, false];
    const test = mcnemar(one, other);
    expect(test).toMatchObject({ onlyFirst: first, onlySecond: second, examples: first + second + 2 });
    expect(Math.abs(test.p - p)).toBeLessThanOrEqual(1e-9 * Math.max(p, 1e-3));
    expect(test.difference).toBeCloseTo((second - first) / (first + second + 2), 12);
    expect(test.interval![0]).toBeLessThanOrEqual(test.difference);
    expect(test.interval![1]).toBeGreaterThanOrEqual(test.difference);
  });

  it('has no interval without examples, and refuses others', () => {
    expect(mcnemar([], [])).toEqual({ onlyFirst: 0, onlySecond: 0, examples: 0, p: 1, difference: 0 });
    expect(() => mcnemar([true], [])).toThrow(/internal/);
  });

  it('has an interval that covers the true difference in 93 to 97% of 1,000 draws', () => {
    // 200 examples; the first is right alone with 0.1, the second alone with 0.16, both with 0.6.
    let covered = 0;
    for (let draw = 0; draw < 1000; draw++) {
      const key = streamKey(5, 'test/mcnemar', draw);
      const u = Array.from({ length: 200 }, (_, i) => uniform(key, i));
      const { interval } = mcnemar(
        u.map((v) => v < 0.7),
        u.map((v) => v < 0.6 || (v >= 0.7 && v < 0.86)),
      );
      if (interval![0] <= 0.06 && 0.06 <= interval![1]) covered++;
    }
    expect(covered).toBeGreaterThanOrEqual(930);
    expect(covered).toBeLessThanOrEqual(970);
  });
});

describe('pairedBootstrap', () => {
  const truth = Array.from({ length: 300 }, (_, i) => (i % 3 === 0 ? 1 : 0));
  const wrongAt = (every: number) => truth.map((t, i) => (i % every === 0 ? 1 - t : t));
  const f1 = metrics.get('f1')!;

  it('finds a difference, its interval and its p, the same ones each time', () => {
    const [worse, better] = [binary(truth, wrongAt(4)), binary(truth, wrongAt(12))];
    const found = pairedBootstrap(worse, better, f1);
    expect(found.difference).toBeCloseTo(f1.compute(better)! - f1.compute(worse)!, 12);
    expect(found.interval![0]).toBeGreaterThan(0);
    expect(found.p).toBeLessThan(0.01);
    expect(pairedBootstrap(worse, better, f1)).toEqual(found);
    const back = pairedBootstrap(better, worse, f1);
    expect(back.difference).toBeCloseTo(-found.difference!, 12);
    expect(back.interval![1]).toBeLessThan(0);
  });

  it('says nothing of models that predict the same, and null where the metric is undefined', () => {
    const same = binary(truth, wrongAt(5));
    expect(pairedBootstrap(same, same, f1)).toEqual({ difference: 0 });
    const none = binary([0, 0], [0, 0]);
    expect(pairedBootstrap(none, none, f1)).toEqual({ difference: null });
  });

  it('compares numbers as well', () => {
    const numbers = (shift: number) =>
      predictionsOf({
        task: 'regression',
        scores: Float32Array.from(truth, (t, i) => t + shift + (i % 7) / 10),
        units: 1,
        truth: Float32Array.from(truth),
        decision: { kind: 'value' },
      });
    const found = pairedBootstrap(numbers(0), numbers(0.5), metrics.get('mean_absolute_error')!, 300);
    expect(found.difference).toBeCloseTo(0.5, 6);
  });

  it('draws whole rows', () => {
    const p = binary([0, 1, 1], [1, 1, 0]);
    const taken = takeRows(p, Uint32Array.of(2, 2, 0));
    expect([...taken.truth]).toEqual([1, 1, 0]);
    expect([...taken.scores]).toEqual([0, 0, 1]);
    expect([0, 1, 2].map((i) => metrics.get('accuracy')!.right!(taken, i))).toEqual([false, false, false]);
    expect(taken.confusion).toEqual([
      [0, 1],
      [2, 0],
    ]);
  });
});
