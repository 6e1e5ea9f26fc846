import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { quantile } from '../../src/base/quantile.ts';
import { normal, streamKey, uniform } from '../../src/base/random.ts';
import { checkExpectations, evaluateSplit } from '../../src/evaluate/index.ts';
import type { MetricValue } from '../../src/protocol/metric-values.ts';
import { predictionsOf } from '../predictions-of.ts';

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

  it('gives means of many examples scipy’s normal interval', () => {
    const c = fixtures.regression.find(({ name }: { name: string }) => name === 'three targets');
    const times = 1000; // beyond what is resampled
    const p = values(new Array(times).fill(c.truth).flat(), new Array(times).fill(c.predicted).flat(), 3);
    const { mean_absolute_error: mae } = evaluateSplit(p, ['mean_absolute_error'], some);
    const half = (c.interval[1] - c.interval[0]) / 2;
    // s / √n of the same values a thousand times over
    const expected = (half * Math.sqrt(c.truth.length / 3 - 1)) / Math.sqrt(times * (c.truth.length / 3) - 1);
    expect((mae!.interval![1] - mae!.interval![0]) / 2).toBeCloseTo(expected, 9);
  });

  it('adds the mean loss first', () => {
    const split = evaluateSplit(classes([0, 1], [0, 1], 2), ['accuracy'], Float32Array.of(1, 2, 3, 6));
    expect(Object.keys(split)).toEqual(['loss', 'accuracy']);
    expect(split['loss']!.value).toBe(3);
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

  it('has intervals for many examples as well, which agree with resampling', () => {
    const make = (count: number) => {
      const key = streamKey(8, 'test');
      const truth = Array.from({ length: count }, (_, i) => (uniform(key, 2 * i) < 0.3 ? 1 : 0));
      return predictionsOf({
        task: 'classification',
        scores: Float32Array.from(truth, (t, i) => (uniform(key, 2 * i + 1) + t / 2) / 1.5),
        units: 1,
        truth: Int32Array.from(truth),
        classes: ['a', 'b'],
        decision: { kind: 'threshold', at: 0.5 },
      });
    };
    const names = ['f1', 'roc_auc', 'average_precision', 'accuracy'];
    const width = (v: MetricValue) => v.interval![1] - v.interval![0];
    const few = evaluateSplit(make(10_000), names, some);
    const many = evaluateSplit(make(10_001), names, some);
    for (const name of names) {
      expect(many[name]!.value).toBeCloseTo(few[name]!.value!, 3);
      expect(width(many[name]!) / width(few[name]!), name).toBeGreaterThan(0.85);
      expect(width(many[name]!) / width(few[name]!), name).toBeLessThan(1.15);
    }
  });

  it('gives no interval to what has no honest one', () => {
    const p = classes([0, 1, 2, 1], [0, 1, 1, 1], 3);
    const split = evaluateSplit(p, ['expected_calibration_error'], some);
    expect(split['expected_calibration_error']).toEqual({ value: 0.25 });
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
