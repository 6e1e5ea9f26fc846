import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Validation } from '../../src/base/proofs.ts';
import { calibrations } from '../../src/catalog/calibrations/index.ts';
import { metrics, oneAgainstRest, reliability } from '../../src/catalog/metrics/index.ts';
import type { Threshold } from '../../src/catalog/tasks/index.ts';
import { positiveClass, thresholds } from '../../src/catalog/thresholds/index.ts';
import { chooseThreshold } from '../../src/evaluate/index.ts';
import type { ClassPredictions, Predictions } from '../../src/protocol/predictions.ts';
import { predictionsOf } from '../predictions-of.ts';

// scikit-learn's curves and scipy's minimum, see make-decisions.py there.
const fixtures: {
  thresholds: { name: string; truth: number[]; scores: number[]; chosen: Record<string, number[]> }[];
  temperatures: {
    name: string;
    units: number;
    truth: number[];
    logits: number[];
    temperature: number;
    log_loss: number;
    before: number;
  }[];
} = JSON.parse(readFileSync(new URL('../fixtures/decisions.json', import.meta.url), 'utf8'));

const temperature = calibrations.get('temperature_scaling')!;

function binary(scores: number[], truth: number[], more: object = {}): Validation<ClassPredictions> {
  return predictionsOf({
    task: 'classification',
    scores: Float32Array.from(scores),
    units: 1,
    truth: Int32Array.from(truth),
    classes: ['no', 'yes'],
    decision: { kind: 'threshold', at: 0.5 },
    ...more,
  }) as Validation<ClassPredictions>;
}

/** `sensitivity 0.9` -> the catalogue's entry and its fields. */
function criterion(text: string) {
  const [type, a, b] = text.split(' ');
  const params =
    type === 'cost'
      ? { false_positive: Number(a), false_negative: Number(b) }
      : a === undefined
        ? {}
        : { at_least: Number(a) };
  const entry = thresholds.get(type!)!;
  return { entry, params: entry.schema.parse(params) };
}

describe('a threshold is the best point of scikit-learn’s curves', () => {
  for (const { name, truth, scores, chosen } of fixtures.thresholds)
    it.each(Object.entries(chosen))(`${name}: %s`, (text, [tp, fp, fn, tn]) => {
      const { entry, params } = criterion(text);
      const p = binary(scores, truth);
      const at = chooseThreshold(p, 1, (counts) => entry.worth(counts, params));
      const decided = binary(scores, truth, { threshold: { positive: 1, value: at } });
      const counts = oneAgainstRest(decided.confusion)[1]!;
      expect(entry.worth(counts, params)).toEqual(entry.worth({ tp, fp, fn, tn } as never, params));
      expect(counts).toEqual({ tp, fp, fn, tn });
    });

  it('lies between two scores, and beyond all where nothing positive is cheapest', () => {
    const p = binary([0.2, 0.4, 0.6, 0.8], [0, 1, 0, 0]);
    const { entry, params } = criterion('cost 10 1');
    const never = chooseThreshold(p, 1, (counts) => entry.worth(counts, params));
    expect(never).toBeCloseTo(0.9, 6);
    const sure = binary([0.2, 1], [1, 0]);
    expect(chooseThreshold(sure, 1, (counts) => entry.worth(counts, params))).toBeGreaterThan(1);
    const all = criterion('sensitivity 1');
    const found = chooseThreshold(p, 1, (counts) => all.entry.worth(counts, all.params));
    expect(found).toBeCloseTo(0.3, 6);
  });

  it('of margins, of the first class, and of one class of several', () => {
    const { entry } = criterion('f1');
    const margins = binary([-3, 5, 4, -1], [0, 1, 0, 0], { margins: true });
    expect(chooseThreshold(margins, 1, (c) => entry.worth(c, {}))).toBe(4.5);
    // The score of the first class is the negative margin.
    expect(chooseThreshold(margins, 0, (c) => entry.worth(c, {}))).toBe(-4.5);
    const three = { scores: Float32Array.of(0.5, 0.3, 0.2, 0.6, 0.1, 0.3, 0.2, 0.5, 0.3), units: 3 };
    const several = (threshold?: Threshold) =>
      predictionsOf({
        task: 'classification',
        ...three,
        truth: Int32Array.of(2, 0, 2),
        classes: ['a', 'b', 'c'],
        decision: { kind: 'argmax' },
        threshold,
      }) as Validation<ClassPredictions>;
    const at = chooseThreshold(several(), 2, (c) => entry.worth(c, {}));
    expect(at).toBeCloseTo(0.2, 6);
    expect([...several({ positive: 2, value: 0.25 }).predicted]).toEqual([0, 2, 2]);
    expect([...several({ positive: 0, value: 0.55 }).predicted]).toEqual([1, 0, 1]);
  });

  it('wants to know of which class where there are several', () => {
    expect(positiveClass(['a', 'b'], null)).toBe(1);
    expect(positiveClass(['0', '1', '2'], 2)).toBe(2);
    expect(positiveClass(['false', 'true'], false)).toBe(0);
    expect(() => positiveClass(['a', 'b', 'c'], null)).toThrow('there are 3 classes');
    expect(() => positiveClass(['a', 'b'], 'A')).toThrow('no class "A"');
  });
});

describe('temperature scaling', () => {
  it.each(fixtures.temperatures)('$name: finds scipy’s minimum', ({ units, truth, logits, ...want }) => {
    const given = { values: Float32Array.from(logits), units };
    const found = temperature.fit(given, truth, {}) as number[];
    expect(found[0]).toBeCloseTo(want.temperature, 6);
    const lossAt = (learned: readonly number[]) =>
      metrics.get('log_loss')!.compute({
        ...binary([0], [0]),
        count: truth.length,
        units,
        scores: temperature.apply(given, learned),
        truth: Int32Array.from(truth),
        classes: Array.from({ length: Math.max(2, units) }, (_, k) => `c${k}`),
      })!;
    expect(lossAt(found)).toBeCloseTo(want.log_loss, 6);
    expect(lossAt([1])).toBeCloseTo(want.before, 6);
  });

  it('says so where validation tells nothing', () => {
    const right = { values: Float32Array.of(3, -2), units: 1 };
    expect(temperature.fit(right, [1, 0], {})).toMatchObject({
      open: expect.stringContaining('hardly anything is wrong'),
    });
    expect(temperature.fit(right, [0, 1], {})).toMatchObject({
      open: expect.stringContaining('no temperature helps'),
    });
  });

  it('makes an overconfident network honest', () => {
    // Right in 7 of 10 cases, sure of all of them.
    const truth = Array.from({ length: 1000 }, (_, i) => (i % 10 < 7 ? 1 : 0));
    const logits = { values: new Float32Array(1000).fill(6), units: 1 };
    const learned = temperature.fit(logits, truth, {}) as number[];
    const after = binary([...temperature.apply(logits, learned)], truth);
    const bin = reliability(after).find(({ count }) => count > 0)!;
    expect(bin.confidence).toBeCloseTo(0.7, 6);
    expect(bin.accuracy).toBeCloseTo(0.7, 6);
  });
});

describe('what is chosen is chosen on validation', () => {
  it('as a type: predictions of other examples are refused', () => {
    const test = binary([0.1, 0.9], [0, 1]) as Predictions;
    // @ts-expect-error: test predictions aren't those of validation
    expect(chooseThreshold(test, 1, () => [0])).toBeDefined();
  });
});
