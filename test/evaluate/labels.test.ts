import { describe, expect, it } from 'vitest';
import type { Validation } from '../../src/base/proofs.ts';
import { streamKey, uniform } from '../../src/base/random.ts';
import { metrics } from '../../src/catalog/metrics/index.ts';
import { labelOf } from '../../src/catalog/metrics/labels.ts';
import { takeRows } from '../../src/catalog/metrics/take-rows.ts';
import {
  type AnyModel,
  finished,
  fitEach,
  fitWhole,
  models,
  predictEach,
  smallFields,
} from '../../src/catalog/models/index.ts';
import { thresholds } from '../../src/catalog/thresholds/index.ts';
import { bootstrap } from '../../src/evaluate/bootstrap.ts';
import { cellsOf } from '../../src/evaluate/cells.ts';
import { chooseThreshold, compareMetrics, evaluateSplit } from '../../src/evaluate/index.ts';
import type { ClassPredictions, LabelPredictions } from '../../src/protocol/predictions.ts';
import { predictionsOf } from '../predictions-of.ts';

const LABELS = ['a', 'b', 'c'];
const key = streamKey(3, 'test/labels');

/** Scores that know more or less of the truth. */
function made(
  count: number,
  labels: readonly string[],
  skill: number,
  at: readonly number[] = [0.5],
): LabelPredictions {
  const size = count * labels.length;
  const truth = Int32Array.from({ length: size }, (_, i) =>
    Number(uniform(key, i) < 0.2 + 0.5 / (1 + (i % labels.length))),
  );
  const scores = Float32Array.from(
    { length: size },
    (_, i) => skill * truth[i]! + (1 - skill) * uniform(key, size + i),
  );
  const values = labels.map((_, k) => at[k % at.length]!);
  return predictionsOf({
    task: 'multilabel_classification',
    scores,
    units: labels.length,
    truth,
    labels,
    decision: { kind: 'threshold', at: 0.5 },
    threshold: { values },
  });
}
const multilabel = [...metrics.values()].filter(({ needs }) => needs.includes('labels'));

describe('labels', () => {
  it('each have a threshold, which counts from the score on that equals it', () => {
    const p = predictionsOf({
      task: 'multilabel_classification',
      scores: Float32Array.of(0.25, 0.75, 0.3, 0.7),
      units: 2,
      truth: Int32Array.of(1, 0, 0, 1),
      labels: ['a', 'b'],
      decision: { kind: 'threshold', at: 0.5 },
      threshold: { values: [0.25, 0.75] },
    });
    expect([...p.predicted!]).toEqual([1, 1, 1, 0]);
    expect(p.counts).toEqual([
      { tp: 1, fp: 1, fn: 0, tn: 0 },
      { tp: 0, fp: 1, fn: 1, tn: 0 },
    ]);
  });

  it('a chosen threshold is that of the label alone, by every rule', () => {
    const p = made(200, LABELS, 0.3) as Validation<LabelPredictions>;
    const fields = { at_least: 0.8, false_positive: 2, false_negative: 3 };
    for (const entry of thresholds.values())
      for (const k of LABELS.keys()) {
        const worth = (counts: Parameters<typeof entry.worth>[0]) => entry.worth(counts, fields);
        const alone = labelOf(p, k) as Validation<ClassPredictions>;
        expect(chooseThreshold(p, k, worth), entry.name).toBe(chooseThreshold(alone, 1, worth));
      }
  });

  it('have intervals around every metric but calibration’s, the same each time', () => {
    const p = made(120, LABELS, 0.3);
    const names = multilabel.map(({ name }) => name);
    const split = evaluateSplit(p, names, new Float32Array(120).fill(1));
    for (const [name, { value, interval }] of Object.entries(split)) {
      if (name === 'loss') continue;
      if (name === 'expected_calibration_error') expect(interval).toBeUndefined();
      else {
        expect(interval, name).toBeDefined();
        expect(interval![0], name).toBeLessThan(value!);
        expect(interval![1], name).toBeGreaterThan(value!);
      }
    }
    expect(evaluateSplit(p, names, new Float32Array(120).fill(1))).toEqual(split);
  });

  it('have the same kind of intervals where the kinds of examples are too many to draw', () => {
    // 20 labels: hardly two examples are of one kind.
    const many = Array.from({ length: 20 }, (_, k) => `l${k}`);
    const entries = ['f1_macro', 'f1_micro'].map((name) => metrics.get(name)!);
    const all = made(6000, many, 0.3);
    const some = takeRows(
      all,
      Uint32Array.from({ length: 1500 }, (_, i) => i),
    );
    expect(cellsOf(all)).toBeUndefined();
    expect(cellsOf(some)!.counts.length).toBeGreaterThan(1000);
    const [left, drawn] = [bootstrap(all, entries), bootstrap(some, entries)];
    for (const { name } of entries) {
      const width = (of: typeof drawn) => of.get(name)![1] - of.get(name)![0];
      // A quarter of the examples: twice as wide.
      expect(width(drawn) / width(left), name).toBeGreaterThan(1.7);
      expect(width(drawn) / width(left), name).toBeLessThan(2.3);
    }
  });

  it('of some rows are those rows’', () => {
    const p = made(30, LABELS, 0.4);
    const taken = takeRows(p, Uint32Array.of(4, 4, 29));
    expect([...taken.predicted.subarray(6)]).toEqual([...p.predicted.subarray(87)]);
    expect(taken.counts.map(({ tp, fp, fn, tn }) => tp + fp + fn + tn)).toEqual([3, 3, 3]);
    expect(taken).toMatchObject({ count: 3, labels: LABELS });
  });

  it('two models differ under paired tests: McNemar’s where whole examples are right', () => {
    const found = compareMetrics(made(300, LABELS, 0.2), made(300, LABELS, 0.45), [
      'subset_accuracy',
      'hamming_loss',
      'f1_macro',
      'accuracy',
    ]);
    expect(found.map(({ name, test }) => [name, test])).toEqual([
      ['subset_accuracy', 'McNemar'],
      ['hamming_loss', 'paired bootstrap'],
      ['f1_macro', 'paired bootstrap'],
    ]);
    for (const { p, difference, direction } of found) {
      expect(p).toBeLessThan(0.01);
      expect(Math.sign(difference!)).toBe(direction === 'higher' ? 1 : -1);
    }
  });
});

describe('baselines of labels', () => {
  const count = 60;
  const x = Float32Array.from({ length: count * 2 }, (_, i) => uniform(key, 5000 + i) - 0.5);
  const y = Float32Array.from({ length: count * 3 }, (_, i) => {
    const row = Math.floor(i / 3);
    return i % 3 === 2 ? 1 : Number(x[2 * row + (i % 3)]! + 0.2 * uniform(key, 9000 + i) > 0.1);
  });
  const rows = { count, width: 2, x, y, outputs: 3, form: 'numbers', seed: 4 } as const;

  it.each([...models.values()].filter(({ needs }) => needs.includes('labels')))(
    '$name: a model for each label; one that all rows have is always so',
    (entry: AnyModel) => {
      const { state } = finished(fitEach(entry, rows, smallFields(entry)));
      const scores = predictEach(entry, state, rows, 3);
      for (const k of [0, 1]) {
        const own = Int32Array.from({ length: count }, (_, i) => y[3 * i + k]!);
        const one = { ...rows, y: own, outputs: 2, form: 'classes', seed: 4 + k } as const;
        const alone = entry.predict(fitWhole(entry, one).state, rows, one);
        for (let i = 0; i < count; i++) {
          const has = entry.margins ? alone[2 * i + 1]! - alone[2 * i]! : alone[2 * i + 1]!;
          expect(scores[3 * i + k]).toBe(Math.fround(has));
        }
      }
      for (let i = 0; i < count; i++) expect(scores[3 * i + 2]).toBe(1);
    },
  );
});
