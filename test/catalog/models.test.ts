import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  type AnyModel,
  fitWhole,
  models,
  type Rows,
  smallFields,
  type TrainingRows,
} from '../../src/catalog/models/index.ts';

interface Fixture {
  name: string;
  task: 'classification' | 'regression';
  width: number;
  outputs: number;
  train: number[];
  y: number[];
  test: number[];
  expected: Record<string, (number | null)[]>;
}
// scikit-learn's numbers, see make-baselines.py there.
const fixtures: Fixture[] = JSON.parse(
  readFileSync(new URL('../fixtures/baselines.json', import.meta.url), 'utf8'),
);

const rowsOf = (x: number[], width: number): Rows => ({
  count: x.length / width,
  width,
  x: Float32Array.from(x),
});
const trainOf = ({ train, width, y, outputs, task }: Fixture): TrainingRows => ({
  ...rowsOf(train, width),
  y: task === 'classification' ? Int32Array.from(y) : Float32Array.from(y),
  outputs,
  form: task === 'classification' ? 'classes' : 'numbers',
  seed: 1,
});
const best = (p: ArrayLike<number>, k: number, i: number) => {
  const row = Array.from({ length: k }, (_, j) => p[i * k + j]!);
  return row.indexOf(Math.max(...row));
};

/** scikit-learn's own way where ours differs by default: no new order in each pass, no early stop. */
const as: Record<string, object> = {
  perceptron: { shuffle: false },
  logistic_regression: { max_iter: 1000, tol: 1e-7 },
};
/** Float32 results; the solver's tolerance for logistic regression. */
const WITHIN: Record<string, number> = { logistic_regression: 1e-5 };

/** Fits a model as it runs as a baseline. */
function fitted(entry: AnyModel, rows: TrainingRows, fields: object = {}): (rows: Rows) => Float32Array {
  const { state } = fitWhole(entry, rows, { ...(smallFields(entry) as object), ...fields });
  return (other) => entry.predict(state, other, rows);
}

describe('baselines', () => {
  const pairs = fixtures.flatMap((f) => Object.keys(f.expected).map((name) => ({ f, name, of: f.name })));
  it.each(pairs)('$name agrees with scikit-learn: $of', ({ f, name }) => {
    const found = fitted(models.get(name)!, trainOf(f), as[name])(rowsOf(f.test, f.width));
    const expected = f.expected[name]!;
    if (name === 'perceptron') {
      expect(expected.map((_, i) => best(found, f.outputs, i))).toEqual(expected);
      return;
    }
    expect(found.length).toBe(expected.length);
    expect(expected.filter((value) => value !== null).length).toBeGreaterThan(expected.length / 3);
    expected.forEach((value, i) => {
      if (value === null) return;
      expect(Math.abs(found[i]! - value), `[${i}] ${found[i]} for ${value}`).toBeLessThanOrEqual(
        (WITHIN[name] ?? 1e-6) * Math.max(1, Math.abs(value)),
      );
    });
  });

  it('have a contract: finite scores of the right shape for few, equal and far rows', () => {
    for (const entry of models.values())
      for (const form of (['classes', 'numbers'] as const).filter((each) => entry.needs.includes(each)))
        for (const count of [1, 2, 7]) {
          const outputs = form === 'classes' ? 3 : 2;
          const x = Float32Array.from({ length: count * 2 }, (_, i) => (i % 3) / 2);
          const y = form === 'classes' ? new Int32Array(count) : new Float32Array(count * 2);
          const predict = fitted(entry, { count, width: 2, x, y, outputs, form, seed: 3 });
          const scores = predict({ count: 2, width: 2, x: Float32Array.of(1e6, -1e6, 0, 0) });
          expect(scores.length, entry.name).toBe(2 * outputs);
          expect(scores.every(Number.isFinite), `${entry.name} of ${count}`).toBe(true);
          expect(predict({ count: 0, width: 2, x: new Float32Array(0) }).length).toBe(0);
          const size = { train: count, test: 2, width: 2, outputs, density: 1 };
          const fields = smallFields(entry);
          expect(entry.cost({ ...size, train: 10 * count }, fields)).toBeGreaterThan(
            entry.cost(size, fields),
          );
          expect(entry.help).toMatch(/^[^.]{10,}[^.]$/u);
        }
  });

  it('guess by the shares of the classes, the same each time', () => {
    const y = Int32Array.from({ length: 100 }, (_, i) => (i < 70 ? 0 : i < 90 ? 1 : 2));
    const train: TrainingRows = {
      count: 100,
      width: 1,
      x: new Float32Array(100),
      y,
      outputs: 3,
      form: 'classes',
      seed: 9,
    };
    const test = rowsOf(new Array(3000).fill(0), 1);
    const guess = fitted(models.get('stratified')!, train)(test);
    const shares = [0, 1, 2].map((k) => guess.filter((v, i) => i % 3 === k && v === 1).length / 3000);
    for (const [k, share] of [0.7, 0.2, 0.1].entries())
      expect(Math.abs(shares[k]! - share)).toBeLessThan(0.03);
    expect(fitted(models.get('stratified')!, train)(test)).toEqual(guess);
  });
});
