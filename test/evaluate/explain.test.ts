import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { metrics } from '../../src/catalog/metrics/index.ts';
import {
  extremesOf,
  gridOf,
  integratedGradients,
  occlusionMap,
  partialDependence,
  permutationImportance,
  squaresOf,
} from '../../src/evaluate/explain/index.ts';
import { predictionsOf } from '../predictions-of.ts';

// scikit-learn's numbers, see make-explain.py there.
const { x, repeats, cases } = JSON.parse(
  readFileSync(new URL('../fixtures/explain.json', import.meta.url), 'utf8'),
) as {
  x: number[][];
  repeats: number;
  cases: {
    name: string;
    metric: string;
    y: number[];
    weights: number[];
    bias: number;
    value: number;
    mean: number[];
    std: number[];
    grids: number[][];
    dependence: number[][];
  }[];
};
const width = x[0]!.length;
const values = Float64Array.from(x.flat());

describe.each(cases)('$name', ({ name, metric, y, weights, bias, ...want }) => {
  const classes = name === 'logistic';
  const outputs = (given: Float64Array) =>
    Array.from({ length: x.length }, (_, i) => {
      const z = weights.reduce((sum, w, j) => sum + w * given[i * width + j]!, bias);
      return classes ? 1 / (1 + Math.exp(-z)) : z;
    });
  const predict = (given: Float64Array) =>
    predictionsOf({
      task: classes ? 'classification' : 'regression',
      scores: Float32Array.from(outputs(given)),
      units: 1,
      truth: classes ? Int32Array.from(y) : Float32Array.from(y),
      ...(classes && { classes: ['no', 'yes'] }),
      decision: classes ? { kind: 'threshold', at: 0.5 } : { kind: 'value' },
    });

  it('permutation importance is scikit-learn’s, within the noise of the permutations', async () => {
    const { value, columns } = await permutationImportance({
      columns: ['0', '1', '2', '3'],
      count: x.length,
      metric: metrics.get(metric)!,
      repeats,
      seed: 1,
      predict: async (j, from) => {
        const given = values.slice();
        from?.forEach((row, i) => {
          given[i * width + j!] = values[row * width + j!]!;
        });
        return predict(given);
      },
    });
    expect(value).toBeCloseTo(want.value, 5);
    expect(columns.map(({ mean }) => mean)).toEqual(
      columns.map(({ mean }) => mean).toSorted((a, b) => b - a),
    );
    for (const { column, mean, std, interval } of columns) {
      const j = Number(column);
      // Two means of as many draws each.
      const error = Math.hypot(std, want.std[j]!) / Math.sqrt(repeats);
      expect(Math.abs(mean - want.mean[j]!)).toBeLessThanOrEqual(4.5 * error + 1e-9);
      expect(std).toBeGreaterThan(0.8 * want.std[j]!);
      expect(std).toBeLessThan(1.25 * want.std[j]! + 1e-9);
      if (interval) expect(interval[1] - interval[0]).toBeGreaterThan(2 * error);
    }
  });

  it('partial dependence and its grid are scikit-learn’s', async () => {
    for (let j = 0; j < width; j++) {
      const grid = gridOf(x.map((row) => row[j]!));
      expect(grid).toHaveLength(want.grids[j]!.length);
      grid.forEach((point, i) => {
        expect(point).toBeCloseTo(want.grids[j]![i]!, 10);
      });
      const found = await partialDependence(values, width, j, grid, async (given) => {
        const all = outputs(given);
        return [all.reduce((a, b) => a + b, 0) / all.length];
      });
      found.forEach(([mean], i) => {
        expect(mean).toBeCloseTo(want.dependence[j]![i]!, 9);
      });
    }
  });
});

describe('integrated gradients', () => {
  const at = (f: (x: Float32Array) => [number, number[]]) => async (inputs: readonly Float32Array[]) => {
    const found = inputs.map(f);
    return { outputs: found.map(([output]) => output), gradients: found.map(([, gradient]) => gradient) };
  };
  it('add up to the difference of the outputs, with as many steps as that takes', async () => {
    // x² y: attributions 2/3 and 1/3 of the difference.
    const square = at((p) => [p[0]! ** 2 * p[1]!, [2 * p[0]! * p[1]!, p[0]! ** 2]]);
    const found = await integratedGradients(Float32Array.of(2, 3), Float32Array.of(0, 0), square);
    expect(found).toMatchObject({ steps: 64, complete: true, difference: 12 });
    expect(found.values[0]).toBeCloseTo(8, 2);
    expect(found.values[1]).toBeCloseTo(4, 2);
    // A bend that few steps miss.
    const bend = at((p) => [Math.max(0, p[0]! - 0.76) * 50, [p[0]! > 0.76 ? 50 : 0]]);
    const fine = await integratedGradients(Float32Array.of(1), Float32Array.of(0), bend);
    expect(fine.complete).toBe(true);
    expect(fine.steps).toBeGreaterThan(64);
  });
  it('say so where they don’t', async () => {
    const wrong = at((p) => [p[0]!, [3]]);
    const found = await integratedGradients(Float32Array.of(1), Float32Array.of(0), wrong);
    expect(found).toMatchObject({ complete: false, steps: 1024 });
    expect(found.sum).toBeCloseTo(3, 6);
  });
});

describe('occlusion', () => {
  it('covers every pixel, and spreads a square’s fall over it', () => {
    const squares = squaresOf(28, 28);
    expect(squares).toMatchObject({ size: 4, stride: 2 });
    expect(
      occlusionMap(
        28,
        28,
        squares,
        squares.at.map(() => 1),
      ).every((value) => value === 1),
    ).toBe(true);
    for (const [h, w] of [
      [1, 1],
      [5, 9],
      [30, 17],
    ] as const) {
      const all = squaresOf(h, w);
      expect(
        occlusionMap(
          h,
          w,
          all,
          all.at.map(() => 2),
        ).every((value) => value === 2),
      ).toBe(true);
    }
    const corner = squares.at.map(([top, left]) => (top + left === 0 ? 1 : 0));
    const map = occlusionMap(28, 28, squares, corner);
    expect(map[0]).toBe(1);
    expect(map[3 * 28 + 3]).toBe(0.25);
    expect(map[4 * 28]).toBe(0);
  });
});

describe('extremes', () => {
  it('are the surest right and the wrongest examples of each class', () => {
    const p = predictionsOf({
      task: 'classification',
      scores: Float32Array.of(0.9, 0.2, 0.6, 0.1, 0.45, 0.8),
      units: 1,
      truth: Int32Array.of(1, 1, 1, 0, 1, 0),
      classes: ['no', 'yes'],
      decision: { kind: 'threshold', at: 0.5 },
    });
    const [no, yes] = extremesOf(p, [10, 11, 12, 13, 14, 15], 2);
    expect(yes!.typical.map(({ id }) => id)).toEqual([10, 12]);
    expect(yes!.wrong.map(({ id }) => id)).toEqual([11, 14]);
    expect(no!.typical.map(({ id, score }) => [id, score.toFixed(1)])).toEqual([[13, '0.9']]);
    expect(no!.wrong).toEqual([{ id: 15, truth: 'no', prediction: 'yes', score: expect.closeTo(0.2, 6) }]);
  });
});
