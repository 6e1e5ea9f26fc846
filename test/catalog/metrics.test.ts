import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { metrics } from '../../src/catalog/metrics/index.ts';
import { falling } from '../../src/catalog/metrics/scores.ts';
import { evaluateGraph } from '../../src/engines/reference/index.ts';
import { GraphBuilder } from '../../src/graph/index.ts';
import type { Predictions } from '../../src/protocol/predictions.ts';
import { predictionsOf } from '../predictions-of.ts';

interface Fixtures {
  classification: {
    name: string;
    truth: number[];
    predicted: number[];
    confusion: number[][];
    expected: Record<string, number | null>;
  }[];
  scores: {
    name: string;
    classes: number;
    truth: number[];
    scores: number[];
    expected: Record<string, number | null>;
  }[];
  labels: {
    name: string;
    labels: number;
    truth: number[];
    scores: number[];
    expected: Record<string, number | null>;
  }[];
  regression: {
    name: string;
    targets: number;
    truth: number[];
    predicted: number[];
    expected: Record<string, number | null>;
  }[];
}

// scikit-learn's numbers, see make-metrics.py there.
const fixtures: Fixtures = JSON.parse(
  readFileSync(new URL('../fixtures/metrics.json', import.meta.url), 'utf8'),
);

const ofClasses = (confusion: number[][], truth: number[] = [], predicted: number[] = []): Predictions => ({
  form: 'classes',
  margins: false,
  count: truth.length,
  units: confusion.length,
  scores: new Float32Array(truth.length * confusion.length),
  truth: Int32Array.from(truth),
  predicted: Int32Array.from(predicted),
  classes: confusion.map((_, k) => `c${k}`),
  confusion,
});
const ofScores = (scores: number[], truth: number[], classes: number): Predictions => {
  const units = classes === 2 ? 1 : classes;
  return predictionsOf({
    task: 'classification',
    scores: Float32Array.from(scores),
    units,
    truth: Int32Array.from(truth),
    classes: Array.from({ length: classes }, (_, k) => `c${k}`),
    decision: units === 1 ? { kind: 'threshold', at: 0.5 } : { kind: 'argmax' },
  });
};
const ofValues = (truth: number[], predicted: number[], units: number): Predictions => ({
  form: 'numbers',
  count: truth.length / units,
  units,
  scores: Float32Array.from(predicted),
  truth: Float32Array.from(truth),
});
const ofLabels = (scores: number[], truth: number[], labels: number): Predictions =>
  predictionsOf({
    task: 'multilabel_classification',
    scores: Float32Array.from(scores),
    units: labels,
    truth: Int32Array.from(truth),
    labels: Array.from({ length: labels }, (_, k) => `l${k}`),
    decision: { kind: 'threshold', at: 0.5 },
  });
const compute = (name: string, p: Predictions) => metrics.get(name)!.compute(p);

/** Equal to 1e-9, relatively where large. */
function expectSame(p: Predictions, expected: Record<string, number | null>) {
  for (const [name, value] of Object.entries(expected)) {
    const found = compute(name, p);
    if (value === null) {
      expect(found, name).toBeNull();
      continue;
    }
    expect(found, name).not.toBeNull();
    expect(Math.abs(found! - value), `${name}: ${found} for ${value}`).toBeLessThanOrEqual(
      1e-9 * Math.max(1, Math.abs(value)),
    );
  }
}

describe('metrics', () => {
  it('are all compared with scikit-learn', () => {
    const all = {
      classes: [fixtures.classification, fixtures.scores],
      labels: [fixtures.labels],
      numbers: [fixtures.regression],
    };
    for (const [form, cases] of Object.entries(all)) {
      const compared = cases.flatMap((c) => Object.keys(c[0]!.expected));
      const fit = [...metrics.values()].filter(({ needs }) => needs.includes(form as 'numbers'));
      expect(fit.map(({ name }) => name).sort()).toEqual(compared.sort());
    }
    for (const [name, entry] of metrics) {
      expect(entry.name).toBe(name);
      expect(entry.help).toMatch(/^[^A-Z].{10,}[^.]$/);
    }
  });

  it.each(fixtures.classification)('agree with scikit-learn: $name', (c) => {
    expectSame(ofClasses(c.confusion, c.truth, c.predicted), c.expected);
  });

  it.each(fixtures.scores)('agree with scikit-learn: $name', (c) => {
    expectSame(ofScores(c.scores, c.truth, c.classes), c.expected);
  });

  it('give the same for two classes with one score and with two', () => {
    const c = fixtures.scores.find(({ name }) => name === 'two classes')!;
    const one = ofScores(c.scores, c.truth, 2);
    const two = predictionsOf({
      task: 'classification',
      scores: Float32Array.from(c.scores.flatMap((s) => [1 - s, s])),
      units: 2,
      truth: Int32Array.from(c.truth),
      classes: ['a', 'b'],
      decision: { kind: 'argmax' },
    });
    for (const name of Object.keys(c.expected))
      expect(compute(name, two), name).toBeCloseTo(compute(name, one)!, 6);
  });

  it('rank margins as well as probabilities', () => {
    const margins = predictionsOf({
      task: 'classification',
      scores: Float32Array.of(-3, 2, 0.5, -1),
      units: 1,
      truth: Int32Array.of(0, 1, 0, 1),
      classes: ['a', 'b'],
      decision: { kind: 'threshold', at: 0 },
      margins: true,
    });
    expect(compute('roc_auc', margins)).toBe(0.75);
    expect(compute('top_2_accuracy', margins)).toBe(1);
  });

  it.each(fixtures.labels)('agree with scikit-learn on labels: $name', (c) => {
    expectSame(ofLabels(c.scores, c.truth, c.labels), c.expected);
  });

  it.each(fixtures.regression)('agree with scikit-learn: $name', (c) => {
    expectSame(ofValues(c.truth, c.predicted, c.targets), c.expected);
  });

  it('stay in their range', () => {
    const inRange = (p: Predictions, names: string[]) => {
      for (const name of names) {
        const value = compute(name, p);
        const [low, high] = metrics.get(name)!.range;
        if (value === null) continue;
        expect(value, name).toBeGreaterThanOrEqual(low);
        expect(value, name).toBeLessThanOrEqual(high);
      }
    };
    for (const c of fixtures.classification)
      inRange(ofClasses(c.confusion, c.truth, c.predicted), Object.keys(c.expected));
    for (const c of fixtures.scores) inRange(ofScores(c.scores, c.truth, c.classes), Object.keys(c.expected));
    for (const c of fixtures.labels) inRange(ofLabels(c.scores, c.truth, c.labels), Object.keys(c.expected));
    for (const c of fixtures.regression)
      inRange(ofValues(c.truth, c.predicted, c.targets), Object.keys(c.expected));
  });

  it('are undefined, not 0, where two classes leave nothing to divide by', () => {
    const nothingPositive = ofClasses([
      [7, 0],
      [0, 0],
    ]);
    for (const name of ['precision', 'recall', 'sensitivity', 'f1'])
      expect(compute(name, nothingPositive), name).toBeNull();
    expect(compute('specificity', nothingPositive)).toBe(1);
    expect(compute('balanced_accuracy', nothingPositive)).toBe(1);
    const nothingPredicted = ofClasses([
      [4, 0],
      [3, 0],
    ]);
    expect(compute('precision', nothingPredicted)).toBeNull();
    expect(compute('recall', nothingPredicted)).toBe(0);
    expect(compute('f1', nothingPredicted)).toBe(0);
    const onlyPositive = ofClasses([
      [0, 0],
      [0, 3],
    ]);
    expect(compute('specificity', onlyPositive)).toBeNull();
  });

  it('are undefined without examples, and r2 with one', () => {
    const none = ofClasses([
      [0, 0, 0],
      [0, 0, 0],
      [0, 0, 0],
    ]);
    for (const [name, entry] of metrics)
      if (entry.needs.includes('classes')) expect(compute(name, none), name).toBeNull();
      else if (entry.needs.includes('numbers')) expect(compute(name, ofValues([], [], 1)), name).toBeNull();
    expect(compute('r2', ofValues([1], [1], 1))).toBeNull();
    for (const [name, entry] of metrics)
      if (entry.needs.includes('labels')) expect(compute(name, ofLabels([], [], 3)), name).toBeNull();
  });

  it('run inside the training step with the values that compute gives', () => {
    const c = fixtures.classification.find(({ name }) => name === 'ten classes')!;
    const n = c.truth.length;
    const classes = new GraphBuilder();
    const accuracy = metrics.get('accuracy')!.running!(classes, {
      scores: classes.input('scores', [n, 10]),
      predicted: classes.input('predicted', [n], 'i32'),
      y: classes.input('y', [n], 'i32'),
    });
    expect(accuracy.shape).toEqual([]);
    classes.output('accuracy', accuracy);
    const got = evaluateGraph(classes.finish(), {
      scores: new Float32Array(n * 10),
      predicted: c.predicted,
      y: c.truth,
    });
    expect(got['accuracy']![0]).toBeCloseTo(c.expected['accuracy']!, 6);

    const l = fixtures.labels.find(({ name }) => name === 'certain and sometimes wrong')!;
    const many = [l.truth.length / 4, 4];
    for (const name of ['subset_accuracy', 'hamming_loss']) {
      const g = new GraphBuilder();
      const node = metrics.get(name)!.running!(g, {
        scores: g.input('scores', many),
        predicted: g.input('predicted', many, 'i32'),
        y: g.input('y', many),
      });
      expect(node.shape).toEqual([]);
      g.output(name, node);
      const value = evaluateGraph(g.finish(), { scores: l.scores, predicted: l.scores, y: l.truth })[
        name
      ]![0]!;
      expect(value).toBeCloseTo(l.expected[name]!, 6);
    }

    const r = fixtures.regression.find(({ name }) => name === 'three targets')!;
    const shape = [r.truth.length / 3, 3];
    for (const name of ['mean_absolute_error', 'mean_squared_error']) {
      const g = new GraphBuilder();
      const node = metrics.get(name)!.running!(g, {
        scores: g.input('scores', shape),
        y: g.input('y', shape),
      });
      expect(node.shape).toEqual([]);
      g.output(name, node);
      const value = evaluateGraph(g.finish(), { scores: r.predicted, y: r.truth })[name]![0]!;
      expect(value / r.expected[name]!).toBeCloseTo(1, 6);
    }
  });
});

describe('the order of scores', () => {
  const edges = [0, -0, 1, -1, Number.MIN_VALUE, 1e-45, -1e-45, 3e38, -3e38, Infinity, -Infinity, 0.1];
  const score = fc.oneof(fc.constantFrom(...edges), fc.float(), fc.integer({ min: -3, max: 3 }));

  it('is that of a stable sort by falling score, of single and of double precision', () => {
    fc.assert(
      fc.property(fc.array(score, { maxLength: 40 }), fc.boolean(), (list, single) => {
        const finite = list.filter((s) => !Number.isNaN(s)).map((s) => (single ? Math.fround(s) : s));
        const byDefinition = finite
          .map((_, i) => i)
          .sort((a, b) => (finite[a]! < finite[b]! ? 1 : finite[a]! > finite[b]! ? -1 : 0));
        expect([...falling(Float64Array.from(finite))]).toEqual(byDefinition);
      }),
    );
  });
});
