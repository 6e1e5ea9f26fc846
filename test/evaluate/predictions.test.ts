import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { perClass } from '../../src/evaluate/index.ts';
import { predictionsOf } from '../predictions-of.ts';

const fixtures = JSON.parse(readFileSync(new URL('../fixtures/metrics.json', import.meta.url), 'utf8'));

describe('predictionsOf', () => {
  it('takes the class with the largest score, the first of equals', () => {
    const p = predictionsOf({
      task: 'classification',
      scores: Float32Array.of(0.1, 0.9, 0, 0.4, 0.2, 0.4, 0, 0, 1),
      units: 3,
      truth: Int32Array.of(1, 2, 0),
      classes: ['a', 'b', 'c'],
      decision: { kind: 'argmax' },
    });
    expect([...p.predicted]).toEqual([1, 0, 2]);
    expect(p.count).toBe(3);
    expect(p.confusion).toEqual([
      [0, 0, 1],
      [0, 1, 0],
      [1, 0, 0],
    ]);
  });

  it('compares a single score with the threshold in float32, as the graph does', () => {
    const p = predictionsOf({
      task: 'classification',
      scores: Float32Array.of(0.3, 0.29999, 0.7, -1), // float32 0.3 is above float64 0.3; 0.7 is below
      units: 1,
      truth: Int32Array.of(1, 0, 1, 1),
      classes: ['no', 'yes'],
      decision: { kind: 'threshold', at: 0.3 },
    });
    expect([...p.predicted]).toEqual([1, 0, 1, 0]);
    const at = { kind: 'threshold', at: 0.7 } as const;
    const [one] = predictionsOf({ ...p, task: 'classification', decision: at }).predicted.slice(2, 3);
    expect(one).toBe(1);
  });

  it('leaves values as they are', () => {
    const scores = Float32Array.of(1, 2, 3, 4);
    const p = predictionsOf({
      task: 'regression',
      scores,
      units: 2,
      truth: Float32Array.of(1, 1, 1, 1),
      decision: { kind: 'value' },
    });
    expect(p).toMatchObject({ count: 2, units: 2, scores });
    expect(p).not.toHaveProperty('confusion');
  });

  it('takes labels beyond the classes for a bug, not for data', () => {
    const wrong = (truth: number[]) =>
      predictionsOf({
        task: 'classification',
        scores: new Float32Array(truth.length * 2),
        units: 2,
        truth: Int32Array.from(truth),
        classes: ['a', 'b'],
        decision: { kind: 'argmax' },
      });
    expect(() => wrong([0, 2])).toThrow(/internal/);
    expect(() => wrong([-1, 0])).toThrow(/internal/);
  });
});

describe('perClass', () => {
  it.each<{ name: string }>(fixtures.classification)('agrees with scikit-learn: $name', (fixture) => {
    const c = fixture as never as Record<string, never>;
    const {
      truth,
      predicted,
      classes,
      per_class: expected,
    } = c as never as {
      truth: number[];
      predicted: number[];
      classes: number;
      per_class: Record<'precision' | 'sensitivity' | 'f1' | 'support', number[]>;
    };
    const scores = new Float32Array(truth.length * classes);
    predicted.forEach((k, i) => {
      scores[i * classes + k] = 1;
    });
    const p = predictionsOf({
      task: 'classification',
      scores,
      units: classes,
      truth: Int32Array.from(truth),
      classes: Array.from({ length: classes }, (_, k) => `c${k}`),
      decision: { kind: 'argmax' },
    });
    expect(p.confusion).toEqual(c['confusion']);
    perClass(p).forEach((row, k) => {
      expect(row.class).toBe(`c${k}`);
      expect(row.support).toBe(expected.support[k]);
      // scikit-learn says 0 where nothing was predicted so or nothing is so; we say that it is undefined.
      const asked = predicted.includes(k) ? expected.precision[k]! : null;
      expectClose(row.precision, asked);
      expectClose(row.sensitivity, truth.includes(k) ? expected.sensitivity[k]! : null);
      expectClose(row.f1, predicted.includes(k) || truth.includes(k) ? expected.f1[k]! : null);
      const others = truth.flatMap((t, i) => (t === k ? [] : [predicted[i]!]));
      expectClose(
        row.specificity,
        others.length ? others.filter((o) => o !== k).length / others.length : null,
      );
    });
  });
});

function expectClose(found: number | null, expected: number | null) {
  if (expected === null) expect(found).toBeNull();
  else expect(found).toBeCloseTo(expected, 9);
}
