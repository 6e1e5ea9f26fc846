import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { normal, streamKey, uniform } from '../../src/catalog/random.ts';
import { checkExpectations, evaluateSplit, predictionsOf } from '../../src/evaluate/index.ts';
import { quantile } from '../../src/evaluate/intervals.ts';

const fixtures = JSON.parse(readFileSync(new URL('../fixtures/metrics.json', import.meta.url), 'utf8'));

function classes(truth: number[], predicted: number[], count: number) {
  const scores = new Float32Array(truth.length * count);
  predicted.forEach((k, i) => {
    scores[i * count + k] = 1;
  });
  return predictionsOf({
    task: 'classification',
    scores,
    units: count,
    truth: Int32Array.from(truth),
    classes: Array.from({ length: count }, (_, k) => `c${k}`),
    decision: { kind: 'argmax' },
  });
}
const values = (truth: ArrayLike<number>, predicted: ArrayLike<number>, units = 1) =>
  predictionsOf({
    task: 'regression',
    scores: Float32Array.from(predicted),
    units,
    truth: Float32Array.from(truth),
    decision: { kind: 'value' },
  });
const some = Float32Array.of(1, 2, 3);

describe('evaluateSplit', () => {
  it.each<{ name: string }>(fixtures.classification)(
    'gives accuracy with scipy’s Wilson interval: $name',
    (c) => {
      const {
        truth,
        predicted,
        classes: count,
        wilson,
        expected,
      } = c as never as {
        truth: number[];
        predicted: number[];
        classes: number;
        wilson: [number, number];
        expected: Record<string, number>;
      };
      const { accuracy } = evaluateSplit(classes(truth, predicted, count), ['accuracy'], some);
      expect(accuracy!.value).toBeCloseTo(expected['accuracy']!, 12);
      expect(accuracy!.interval![0]).toBeCloseTo(wilson[0], 9);
      expect(accuracy!.interval![1]).toBeCloseTo(wilson[1], 9);
    },
  );

  it('gives means with scipy’s normal interval', () => {
    const c = fixtures.regression.find(({ name }: { name: string }) => name === 'three targets');
    const p = values(c.truth, c.predicted, 3);
    const { mean_absolute_error: mae } = evaluateSplit(p, ['mean_absolute_error'], some);
    expect(mae!.interval![0]).toBeCloseTo(c.interval[0], 9);
    expect(mae!.interval![1]).toBeCloseTo(c.interval[1], 9);
  });

  it('adds the mean loss first', () => {
    const split = evaluateSplit(classes([0, 1], [0, 1], 2), ['accuracy'], Float32Array.of(1, 2, 3, 6));
    expect(Object.keys(split)).toEqual(['loss', 'accuracy']);
    expect(split['loss']!.value).toBe(3);
    // s = sqrt(14/3), half = 1.95996 * s / 2
    expect(split['loss']!.interval![0]).toBeCloseTo(3 - (1.959963984540054 * Math.sqrt(14 / 3)) / 2, 12);
  });

  it('covers the truth with bootstrap intervals about as often as it says', () => {
    // 200 samples of 150 examples, 30% positive, found with probability 0.8: the interval should hold 0.8.
    let held = 0;
    for (let sample = 0; sample < 200; sample++) {
      const key = streamKey(sample, 'test');
      const truth = Array.from({ length: 150 }, (_, i) => (uniform(key, 2 * i) < 0.3 ? 1 : 0));
      const predicted = truth.map((t, i) => (t === 1 && uniform(key, 2 * i + 1) < 0.8 ? 1 : 0));
      const { recall } = evaluateSplit(classes(truth, predicted, 2), ['recall'], some);
      const [low, high] = recall!.interval!;
      expect(low).toBeLessThanOrEqual(recall!.value!);
      expect(high).toBeGreaterThanOrEqual(recall!.value!);
      if (low <= 0.8 && 0.8 <= high) held++;
    }
    expect(held / 200).toBeGreaterThan(0.88);
    expect(held / 200).toBeLessThan(0.99);
  });

  it('resamples rows of a regression', () => {
    const key = streamKey(3, 'test');
    const truth = Array.from({ length: 400 }, (_, i) => normal(key, 2 * i));
    const predicted = truth.map((t, i) => t + 0.5 * normal(key, 2 * i + 1));
    const split = evaluateSplit(values(truth, predicted), ['r2', 'root_mean_squared_error'], some);
    const [low, high] = split['root_mean_squared_error']!.interval!;
    // The standard error of an RMSE of normal errors is sigma / sqrt(2n) = 0.0177; the interval is four wide.
    expect(low).toBeLessThan(0.5);
    expect(high).toBeGreaterThan(0.5);
    expect(high - low).toBeGreaterThan(0.05);
    expect(high - low).toBeLessThan(0.09);
    expect(split['r2']!.interval![0]).toBeLessThan(split['r2']!.value!);
    expect(split['r2']!.interval![1]).toBeLessThan(1);
  });

  it('repeats to the bit, whatever else is asked for', () => {
    const c = fixtures.classification[2];
    const p = classes(c.truth, c.predicted, c.classes);
    const once = evaluateSplit(p, ['f1'], some);
    const again = evaluateSplit(p, ['precision', 'accuracy', 'f1'], some);
    expect(again['f1']).toEqual(once['f1']);
  });

  it('gives no interval where resampling shows nothing, and null where nothing is defined', () => {
    const right = evaluateSplit(classes([0, 1, 1], [0, 1, 1], 2), ['accuracy', 'f1', 'precision'], some);
    expect(right['f1']).toEqual({ value: 1 });
    expect(right['accuracy']!.interval![0]).toBeLessThan(0.5);
    const none = evaluateSplit(classes([0, 0, 0], [0, 0, 0], 2), ['precision'], some);
    expect(none['precision']).toEqual({ value: null });
    const broken = evaluateSplit(classes([0, 1], [0, 1], 2), [], Float32Array.of(1, Number.NaN));
    expect(broken['loss']).toEqual({ value: null });
    const one = evaluateSplit(values([1], [2]), ['mean_absolute_error', 'r2'], Float32Array.of(1));
    expect(one).toEqual({ loss: { value: 1 }, mean_absolute_error: { value: 1 }, r2: { value: null } });
  });

  it('skips resampling above 200,000 examples', () => {
    const truth = new Array<number>(200_001).fill(0).map((_, i) => i % 2);
    const predicted = truth.map((t, i) => (i % 7 === 0 ? 1 - t : t));
    const split = evaluateSplit(classes(truth, predicted, 2), ['f1', 'accuracy'], some);
    expect(split['f1']!.interval).toBeUndefined();
    expect(split['accuracy']!.interval).toBeDefined();
  });
});

describe('quantile', () => {
  it('interpolates as numpy does', () => {
    // numpy.quantile([1, 2, 4, 8], [0, .025, .5, .9, 1])
    const sorted = [1, 2, 4, 8];
    expect([0, 0.025, 0.5, 0.9, 1].map((q) => quantile(sorted, q))).toEqual([
      1, 1.075, 3, 6.800000000000001, 8,
    ]);
  });
});

describe('checkExpectations', () => {
  it('keeps the text, what was found and the verdict', () => {
    const texts = ['test.accuracy >= 0.97', 'test.loss < 0.1', 'test.f1 > 0.5'];
    expect(checkExpectations(texts, { 'test.accuracy': 0.98, 'test.loss': 0.1 })).toEqual([
      { text: texts[0], passed: true, found: 0.98 },
      { text: texts[1], passed: false, found: 0.1 },
      { text: texts[2], passed: false, found: null },
    ]);
  });
});
