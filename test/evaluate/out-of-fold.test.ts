import { describe, expect, it } from 'vitest';
import { normal, streamKey, uniform } from '../../src/base/random.ts';
import { compareFolds, evaluateFolds, type FoldPart, gathered } from '../../src/evaluate/index.ts';
import { wilson } from '../../src/evaluate/intervals.ts';
import type { ClassPredictions, LabelPredictions } from '../../src/protocol/predictions.ts';
import { predictionsOf } from '../predictions-of.ts';

/** One fold of two classes: scores of the second. */
function part(truth: readonly number[], scores: readonly number[], units?: readonly string[]): FoldPart {
  const predictions = predictionsOf({
    task: 'classification',
    scores: Float32Array.from(scores),
    units: 1,
    truth: Int32Array.from(truth),
    classes: ['n', 'p'],
    decision: { kind: 'threshold', at: 0.5 },
  });
  const losses = Float32Array.from(truth, (t, i) => (scores[i]! - t) ** 2);
  return { predictions, losses, units: units ?? truth.map((_, i) => `${scores.join()} ${i}`) };
}

/** Rows of a fold whose positives score higher, `shift` added to all scores. */
function drawn(key: number, count: number, shift = 0): FoldPart {
  const stream = streamKey(key, 'out-of-fold');
  const truth = Array.from({ length: count }, (_, i) => (uniform(stream, i + 1000) < 0.4 ? 1 : 0));
  const scores = truth.map((t, i) => 0.2 + 0.5 * t + 0.3 * normal(stream, i) + shift);
  return part(
    truth,
    scores,
    truth.map((_, i) => `${key}-${i}`),
  );
}

const logit = (x: number) => Math.log(x / (1 - x));
/** Half the interval on the scale that it was taken on, over Student's quantile. */
const error = ([low, high]: readonly [number, number], scale: (x: number) => number, t: number) =>
  (scale(high) - scale(low)) / 2 / t;

describe('out-of-fold predictions', () => {
  it('give the metric of all together, and the spread of single losses over n', () => {
    const folds = gathered([drawn(1, 30), drawn(2, 30), drawn(3, 40)]);
    const { loss, accuracy, f1 } = evaluateFolds(folds, ['accuracy', 'f1']);
    const { confusion, count } = folds.predictions as ClassPredictions;
    const [[tn, fp], [fn, tp]] = confusion as [[number, number], [number, number]];
    expect(count).toBe(100);
    expect(accuracy!.value).toBe((tn + tp) / 100);
    expect(f1!.value).toBeCloseTo((2 * tp) / (2 * tp + fp + fn), 12);
    const losses = [...folds.losses!];
    const mean = losses.reduce((a, b) => a + b) / 100;
    const deviation = Math.sqrt(losses.reduce((sum, l) => sum + (l - mean) ** 2, 0) / 99);
    expect(loss!.value).toBeCloseTo(mean, 9);
    // Student's 97.5% quantile of 99 degrees of freedom; the error of a logarithm is the relative one.
    expect(error(loss!.interval!, Math.log, 1.9842169515)).toBeCloseTo(deviation / 10 / mean, 6);
    const p = accuracy!.value!;
    expect(error(accuracy!.interval!, logit, 1.9842169515)).toBeCloseTo(1 / Math.sqrt(99 * p * (1 - p)), 6);
  });

  it('rank within folds: scores of two models need not be on one scale', () => {
    const apart = [drawn(1, 30), drawn(2, 50, 7), drawn(3, 20, -4)];
    const alike = [drawn(1, 30), drawn(2, 50), drawn(3, 20)];
    const [one, other] = [apart, alike].map(
      (folds) => evaluateFolds(gathered(folds), ['roc_auc'])['roc_auc']!,
    );
    expect(one!.value).toBeCloseTo(other!.value!, 12);
    const each = alike.map((fold) => evaluateFolds(gathered([fold]), ['roc_auc'])['roc_auc']!.value!);
    expect(one!.value).toBeCloseTo(0.3 * each[0]! + 0.5 * each[1]! + 0.2 * each[2]!, 12);
    expect(one!.interval![0]).toBeCloseTo(other!.interval![0], 12);
  });

  it("of one fold have DeLong's variance of the area under the curve", () => {
    const { predictions } = drawn(5, 60);
    const found = evaluateFolds(gathered([drawn(5, 60)]), ['roc_auc'])['roc_auc']!;
    const scores = (k: number) => Array.from(predictions.scores).filter((_, i) => predictions.truth[i] === k);
    const [negative, positive] = [scores(0), scores(1)];
    const share = (test: (s: number) => boolean, all: number[]) => all.filter(test).length / all.length;
    const placements = [
      positive.map((s) => share((n) => n < s, negative)),
      negative.map((s) => share((p) => p > s, positive)),
    ];
    const variance = placements.reduce((sum, all) => {
      const mean = all.reduce((a, b) => a + b) / all.length;
      return sum + all.reduce((v, x) => v + (x - mean) ** 2, 0) / (all.length - 1) / all.length;
    }, 0);
    const area = found.value!;
    const t = 2.0009953781; // 59 degrees of freedom
    // The jackknife moves about the mean of its values, which is the area itself.
    expect(error(found.interval!, logit, t) * area * (1 - area)).toBeCloseTo(Math.sqrt(variance), 3);
  });

  it('of rows that were predicted twice know no more than those of rows predicted once', () => {
    const once = [drawn(1, 40), drawn(2, 40)];
    const names = ['accuracy', 'f1', 'log_loss', 'brier', 'matthews_corrcoef'];
    const two = gathered([...once, ...once]);
    expect(two.clusters).toBeDefined();
    const [one, twice] = [evaluateFolds(gathered(once), names), evaluateFolds(two, names)];
    for (const name of ['loss', ...names]) {
      expect(twice[name]!.value).toBeCloseTo(one[name]!.value!, 9);
      expect(twice[name]!.interval![0]).toBeCloseTo(one[name]!.interval![0], 9);
      expect(twice[name]!.interval![1]).toBeCloseTo(one[name]!.interval![1], 9);
    }
  });

  it('of groups whose rows are alike have wider intervals, whatever the groups are called', () => {
    const rows = drawn(1, 20);
    const grouped = (name: (i: number) => string): FoldPart[] =>
      [0, 1, 2].map(() => ({ ...rows, units: rows.units.map((_, i) => name(i)) }));
    const width = (parts: FoldPart[]) => {
      const [low, high] = evaluateFolds(gathered(parts), ['accuracy'])['accuracy']!.interval!;
      return high - low;
    };
    const alone = [0, 1, 2].map((k) => ({ ...rows, units: rows.units.map((_, i) => `${k} ${i}`) }));
    expect(width(grouped(String))).toBeGreaterThan(1.5 * width(alone));
    expect(width(grouped((i) => `g${-i}`))).toBeCloseTo(width(grouped(String)), 12);
  });

  it("have Wilson's interval of as many as are independent where all are right", () => {
    const right = part([0, 1, 0, 1], [0, 1, 0, 1], ['a', 'a', 'b', 'b']);
    expect(evaluateFolds(gathered([right]), ['accuracy'])['accuracy']).toEqual({
      value: 1,
      interval: wilson(2, 2),
    });
    const alone = part([0, 1, 0, 1], [0, 1, 0, 1]);
    expect(evaluateFolds(gathered([alone]), ['accuracy'])['accuracy']!.interval).toEqual(wilson(4, 4));
    const wrong = part([0, 1, 0, 1], [1, 0, 1, 0]);
    expect(evaluateFolds(gathered([wrong]), ['accuracy'])['accuracy']!.interval).toEqual(wilson(0, 4));
  });

  it('leave out folds in which nothing can be ranked', () => {
    const flat = part([0, 0, 0], [0.1, 0.2, 0.3]);
    const [both, one] = [[drawn(1, 30), flat], [drawn(1, 30)]].map(
      (folds) => evaluateFolds(gathered(folds), ['roc_auc'])['roc_auc']!.value,
    );
    expect(both).toBeCloseTo(one!, 12);
    expect(evaluateFolds(gathered([flat]), ['roc_auc'])['roc_auc']).toEqual({ value: null });
  });

  it.each<[string, FoldPart[]]>([
    ['one example', [part([1], [0.7])]],
    ['equal losses', [part([1, 1, 1], [0.7, 0.7, 0.7])]],
    ['one group', [part([1, 0, 1], [0.7, 0.6, 0.1], ['a', 'a', 'a'])]],
    ['a loss that is no number', [part([1, 0], [Number.NaN, 0.6])]],
  ])('%s: a value or null, and no loss interval', (_, folds) => {
    const found = evaluateFolds(gathered(folds), ['accuracy', 'f1', 'roc_auc']);
    expect(found['loss']!.interval).toBeUndefined();
    expect(JSON.stringify(found)).not.toMatch(/NaN|Infinity/);
    for (const { value } of Object.values(found)) expect(value === null || Number.isFinite(value)).toBe(true);
  });

  it('say nothing of the loss where an earlier version left none, and give no interval where none is honest', () => {
    const { losses: _, ...old } = drawn(1, 30);
    const found = evaluateFolds(gathered([drawn(2, 30), old]), [
      'expected_calibration_error',
      'top_2_accuracy',
    ]);
    expect(found['loss']).toBeUndefined();
    expect(found['expected_calibration_error']!.value).toBeGreaterThan(0);
    expect(found['expected_calibration_error']!.interval).toBeUndefined();
    expect(found['top_2_accuracy']).toEqual({ value: 1, interval: wilson(60, 60) });
  });

  it('are left out in groups where there are thousands, to about the same interval', () => {
    const many = gathered([drawn(1, 1500), drawn(2, 1500)]);
    const { accuracy, roc_auc: area } = evaluateFolds(many, ['accuracy', 'roc_auc']);
    const p = accuracy!.value!;
    expect(error(accuracy!.interval!, logit, 1.9647)).toBeCloseTo(1 / Math.sqrt(3000 * p * (1 - p)), 2);
    expect(area!.interval![1] - area!.interval![0]).toBeLessThan(0.05);
  });
});

it('of labels count each label, and rank them within folds', () => {
  const fold = (key: number): FoldPart => {
    const stream = streamKey(key, 'labels');
    const truth = Float32Array.from({ length: 60 }, (_, i) => (uniform(stream, i) < 0.5 ? 1 : 0));
    const scores = truth.map((t, i) => 0.25 + 0.5 * t + 0.3 * normal(stream, i + 500));
    const decision = { kind: 'threshold', at: 0.5 } as const;
    const shape = { task: 'multilabel_classification', units: 2, labels: ['a', 'b'] } as const;
    const predictions = predictionsOf({ ...shape, scores, truth: Int32Array.from(truth), decision });
    return { predictions, units: Array.from({ length: 30 }, (_, i) => `${key} ${i}`) };
  };
  const folds = [fold(1), fold(2)];
  const all = gathered(folds);
  const found = evaluateFolds(all, ['f1_macro', 'roc_auc']);
  expect((all.predictions as LabelPredictions).counts.map(({ tp, fp, fn, tn }) => tp + fp + fn + tn)).toEqual(
    [60, 60],
  );
  for (const { value, interval } of Object.values(found)) {
    expect(interval![0]).toBeLessThan(value!);
    expect(interval![1]).toBeGreaterThan(value!);
  }
});

describe('two cross-validations of the same folds', () => {
  const worse = ({ predictions, units }: FoldPart): FoldPart =>
    part(
      [...predictions.truth],
      Array.from(predictions.scores, (s, i) => (i % 3 === 0 ? 1 - s : s)),
      units,
    );
  const first = [drawn(1, 60), drawn(2, 60)];
  const second = first.map(worse);

  it.each([
    ['accuracy', 'McNemar'],
    ['f1', 'paired jackknife'],
    ['brier', 'paired jackknife'],
    ['roc_auc', 'paired jackknife'],
    ['loss', 'paired jackknife'],
  ])('are compared example by example: %s by %s', (name, test) => {
    const [a, b] = [gathered(first), gathered(second)];
    const found = compareFolds(a, b, name);
    const value = (o: typeof a) => evaluateFolds(o, name === 'loss' ? [] : [name])[name]!.value!;
    expect(found.test).toBe(test);
    expect(found.difference).toBeCloseTo(value(b) - value(a), 9);
    expect(found.p).toBeLessThan(0.01);
    const back = compareFolds(b, a, name);
    expect(back.difference).toBeCloseTo(-found.difference!, 9);
    if (test === 'paired jackknife') expect(back.interval![0]).toBeCloseTo(-found.interval![1], 9);
  });

  it('by groups where rows belong to some, with fewer to tell by', () => {
    const grouped = (parts: FoldPart[]) =>
      gathered(parts.map((one, f) => ({ ...one, units: one.units.map((_, i) => `${f} ${i % 6}`) })));
    const found = compareFolds(grouped(first), grouped(second), 'accuracy');
    expect(found.test).toBe('paired jackknife');
    expect(found.p).toBeGreaterThan(compareFolds(gathered(first), gathered(second), 'accuracy').p!);
  });

  it('that are the same have no difference and no p', () => {
    for (const name of ['loss', 'roc_auc'])
      expect(compareFolds(gathered(first), gathered(first), name)).toEqual({
        difference: 0,
        test: 'paired jackknife',
      });
  });

  it('have no p by a metric without an honest interval', () => {
    const found = compareFolds(gathered(first), gathered(second), 'expected_calibration_error');
    expect(found.difference).toBeGreaterThan(0);
    expect(found.p).toBeUndefined();
  });

  it('are not compared by what is undefined', () => {
    const flat = gathered([part([0, 0, 0], [0.1, 0.2, 0.3])]);
    expect(compareFolds(flat, flat, 'roc_auc')).toMatchObject({ difference: null });
  });
});
