import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Misfit } from '../../../src/base/misfit.ts';
import { streamKey } from '../../../src/base/random.ts';
import { type BalanceRows, balances } from '../../../src/catalog/balance/index.ts';

const WIDTH = 3;
const value = (i: number, j: number) => Math.fround(Math.sin(i * 17 + j * 3) * 50);

function rowsOf(labels: readonly number[], classes = 3, seed = 1): BalanceRows {
  const counts = Array.from({ length: classes }, (_, c) => labels.filter((l) => l === c).length);
  return {
    count: labels.length,
    width: WIDTH,
    classes: Array.from({ length: classes }, (_, c) => `c${c}`),
    counts,
    label: (i) => labels[i]!,
    row: (i, out) => out.set([value(i, 0), value(i, 1), value(i, 2)]),
    stream: streamKey(seed, 'balance'),
  };
}
const run = (name: string, rows: BalanceRows, fields: object = {}) => {
  const entry = balances.get(name)!;
  return entry.balance(rows, entry.schema.parse(fields));
};
const labelsOf = fc
  .array(fc.integer({ min: 0, max: 2 }), { minLength: 10, maxLength: 60 })
  .filter((labels) => [0, 1, 2].every((c) => labels.filter((l) => l === c).length >= 3));
const count = (labels: readonly number[], c: number) => labels.filter((l) => l === c).length;

describe('class_weights', () => {
  it("scikit-learn's balanced: rows / (classes · rows of the class)", () => {
    // compute_class_weight('balanced', classes=[0, 1, 2], y=[0] * 6 + [1] * 3 + [2])
    const { weights } = run('class_weights', rowsOf([0, 0, 0, 0, 0, 0, 1, 1, 1, 2]));
    [0.5555555555555556, 1.1111111111111112, 3.3333333333333335].forEach((w, c) => {
      expect(weights![c]).toBeCloseTo(w, 12);
    });
  });
  it('by hand, and of a class that isn’t there', () => {
    expect(run('class_weights', rowsOf([0, 1, 2]), { weights: { c1: 5 } })).toEqual({ weights: [1, 5, 1] });
    expect(() => run('class_weights', rowsOf([0, 1, 2]), { weights: { c9: 5 } })).toThrow(Misfit);
    expect(() => run('class_weights', rowsOf([0, 1, 2]), { weights: { constructor: 5 } })).toThrow(Misfit);
    expect(balances.get('class_weights')!.schema.safeParse({ weights: { c1: 0 } }).success).toBe(false);
  });
});

describe('oversample', () => {
  it('keeps every row once, and repeats rows of smaller classes alone', () => {
    fc.assert(
      fc.property(labelsOf, fc.constantFrom(1, 0.5, 0.8), (labels, ratio) => {
        const { rows } = run('oversample', rowsOf(labels), { ratio });
        expect([...rows!.slice(0, labels.length)]).toEqual(labels.map((_, i) => i));
        const after = Array.from(rows!, (i) => labels[i]!);
        const largest = Math.max(...[0, 1, 2].map((c) => count(labels, c)));
        for (const c of [0, 1, 2])
          expect(count(after, c)).toBe(Math.max(count(labels, c), Math.round(largest * ratio)));
      }),
    );
  });
  it('draws by the seed', () => {
    const labels = Array.from({ length: 40 }, (_, i) => Number(i % 4 === 0));
    const rows = (seed: number) => [...run('oversample', rowsOf(labels, 2, seed)).rows!];
    expect(rows(1)).toEqual(rows(1));
    expect(rows(1)).not.toEqual(rows(2));
  });
});

describe('undersample', () => {
  it('takes rows once, and as many of each class as the smallest has', () => {
    fc.assert(
      fc.property(labelsOf, fc.constantFrom(1, 0.5), (labels, ratio) => {
        const rows = [...run('undersample', rowsOf(labels), { ratio }).rows!];
        expect(new Set(rows).size).toBe(rows.length);
        expect(rows).toEqual(rows.slice().sort((a, b) => a - b));
        const smallest = Math.min(...[0, 1, 2].map((c) => count(labels, c)));
        const after = rows.map((i) => labels[i]!);
        for (const c of [0, 1, 2])
          expect(count(after, c)).toBe(Math.min(count(labels, c), Math.floor(smallest / ratio)));
      }),
    );
  });
});

describe('smote', () => {
  it('makes rows on lines between a row and one of its nearest of the class', () => {
    fc.assert(
      fc.property(labelsOf, (labels) => {
        const neighbors = 2;
        const { made, rows } = run('smote', rowsOf(labels), { neighbors });
        expect(rows).toBeUndefined();
        const { values, from } = made!;
        const largest = Math.max(...[0, 1, 2].map((c) => count(labels, c)));
        const after = [...labels, ...Array.from(from, (i) => labels[i]!)];
        for (const c of [0, 1, 2]) expect(count(after, c)).toBe(largest);
        from.forEach((base, k) => {
          const own = labels.flatMap((l, i) => (l === labels[base] && i !== base ? [i] : []));
          const distance = (i: number) =>
            [0, 1, 2].reduce((sum, j) => sum + (value(i, j) - value(base, j)) ** 2, 0);
          const near = own.sort((a, b) => distance(a) - distance(b)).slice(0, neighbors);
          const onLine = near.some((i) => {
            const steps = [0, 1, 2].map(
              (j) => (values[k * WIDTH + j]! - value(base, j)) / (value(i, j) - value(base, j)),
            );
            return steps.every((s) => s >= -1e-4 && s <= 1 + 1e-4 && Math.abs(s - steps[0]!) < 1e-3);
          });
          expect(onLine).toBe(true);
        });
      }),
      { numRuns: 40 },
    );
  });
  it('a class of too few rows', () => {
    const labels = [...new Array(20).fill(0), 1, 1, 1];
    expect(() => run('smote', rowsOf(labels, 2))).toThrow(
      'class c1 has 3 training rows; smote with 5 neighbours needs 6',
    );
    expect(run('smote', rowsOf(labels, 2), { neighbors: 2 }).made!.from.length).toBe(17);
  });
  it('makes rows from a sample of a large class', () => {
    const labels = Array.from({ length: 60 }, (_, i) => Number(i % 3 === 0));
    const { made } = run('smote', rowsOf(labels, 2), { rows: 7, neighbors: 3 });
    expect(new Set(made!.from).size).toBeLessThanOrEqual(7);
  });
});
