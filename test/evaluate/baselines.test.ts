import { describe, expect, it } from 'vitest';
import { compareBaselines, type TriedBaseline } from '../../src/evaluate/index.ts';
import { predictionsOf } from '../predictions-of.ts';

const truth = Array.from({ length: 400 }, (_, i) => (i % 3 === 0 ? 1 : 0));
/** Wrong on every n-th example. */
const wrongAt = (every: number, from = 0) =>
  predictionsOf({
    task: 'classification',
    scores: Float32Array.from(truth, (t, i) => ((i + from) % every === 0 ? 1 - t : t)),
    units: 1,
    truth: Int32Array.from(truth),
    classes: ['no', 'yes'],
    decision: { kind: 'threshold', at: 0.5 },
  });
const tried = (name: string, every: number, more = {}): TriedBaseline => ({
  name,
  predictions: { ...wrongAt(every, 1), ...more },
  seconds: 0.1,
  examples: 100,
});

describe('compareBaselines', () => {
  it('says that the network is better, by McNemar’s test against the best of them', () => {
    const report = compareBaselines(wrongAt(40), [tried('knn', 4), tried('tree', 8)], 'accuracy', 'test', []);
    expect(report).toMatchObject({ best: 'tree', verdict: 'network_better', test: 'McNemar', examples: 400 });
    expect(report.text).toBe('tree 0.8750: network better, p < 0.001');
    expect(report.models.map((m) => [m.name, m.value])).toEqual([
      ['knn', 0.75],
      ['tree', 0.875],
    ]);
    expect(report.models[1]!.difference).toBeCloseTo(0.1, 12);
    expect(report.models[1]!.interval![0]).toBeGreaterThan(0);
  });

  it('says that nothing was shown, or that the simple one is better, also of other metrics', () => {
    const equal = compareBaselines(wrongAt(20), [tried('knn', 20)], 'accuracy', 'test', []);
    expect(equal).toMatchObject({ verdict: 'no_difference' });
    expect(equal.text).toMatch(/^knn 0.9500: no difference to the network shown, p = /);
    const worse = compareBaselines(wrongAt(4), [tried('knn', 25)], 'f1', 'validation', []);
    expect(worse).toMatchObject({
      verdict: 'baseline_better',
      test: 'paired bootstrap',
      split: 'validation',
    });
  });

  it('takes the smallest error for the best, and tells what gave no probabilities', () => {
    const report = compareBaselines(
      wrongAt(4),
      [tried('knn', 8), tried('perceptron', 9, { margins: true })],
      'brier',
      'test',
      [{ name: 'tree', reason: 'too slow' }],
    );
    expect(report.best).toBe('knn');
    expect(report.verdict).toBe('baseline_better');
    expect(report.skipped.map((s) => s.name)).toEqual(['tree', 'perceptron']);
    const none = compareBaselines(wrongAt(4), [], 'accuracy', 'test', []);
    expect(none).toMatchObject({ verdict: 'no_difference', text: 'no simpler model could be compared' });
  });
});
