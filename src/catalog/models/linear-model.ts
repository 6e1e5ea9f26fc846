import * as z from 'zod';
import { noFields, once, positive } from '../fields.ts';
import { symmetricEigen } from '../transforms/reduce/symmetric-eigen.ts';
import { targetMeans } from './dummy.ts';
import type { Answers, Fitted, ModelEntry, ModelState, Rows, Size, TrainingRows } from './model.ts';
import { doubles } from './state.ts';

/** Means, and products about them: XᵀX `[width, width]` and Xᵀy `[width, outputs]`. */
function products(rows: TrainingRows) {
  const { x, y, count, width, outputs } = rows;
  const means = new Float64Array(width);
  for (let i = 0; i < x.length; i++) means[i % width]! += x[i]! / count;
  const targets = targetMeans(rows);
  const xx = new Float64Array(width * width);
  const xy = new Float64Array(width * outputs);
  const row = new Float64Array(width);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < width; j++) row[j] = x[i * width + j]! - means[j]!;
    for (let j = 0; j < width; j++) {
      const v = row[j]!;
      if (v === 0) continue;
      for (let k = j; k < width; k++) xx[j * width + k]! += v * row[k]!;
      for (let k = 0; k < outputs; k++) xy[j * outputs + k]! += v * (y[i * outputs + k]! - targets[k]!);
    }
  }
  for (let j = 0; j < width; j++) for (let k = 0; k < j; k++) xx[j * width + k] = xx[k * width + j]!;
  return { means, targets, xx, xy };
}

/**
 * State of a linear model: `coef` [width, outputs] about the columns' `means` [width], and `targets`
 * [outputs] there.
 */
const linearState = (coef: Float64Array, means: Float64Array, targets: Float64Array): Fitted => ({
  state: new Map(Object.entries({ coef, means, targets })),
  facts: {},
});

function predictLinear(state: ModelState, { x, count, width }: Rows, { outputs }: Answers): Float32Array {
  const [coef, means, targets] = [doubles(state, 'coef'), doubles(state, 'means'), doubles(state, 'targets')];
  const out = new Float32Array(count * outputs);
  for (let i = 0; i < count; i++)
    for (let k = 0; k < outputs; k++) {
      let sum = targets[k]!;
      for (let j = 0; j < width; j++) sum += (x[i * width + j]! - means[j]!) * coef[j * outputs + k]!;
      out[i * outputs + k] = sum;
    }
  return out;
}

const cost = ({ train, test, width, outputs }: Size) =>
  train * width * (width / 2 + outputs) + test * width * outputs;

/**
 * LinearRegression(): least squares; of several solutions (columns that depend on each other) the smallest.
 */
export const linearRegression: ModelEntry<Record<string, never>> = {
  name: 'linear_regression',
  help: 'least squares',
  get schema() {
    return noFields();
  },
  needs: ['numbers'],
  unit: 'fit',
  cost: (size) => cost(size) + 10 * size.width ** 3,
  // biome-ignore lint/correctness/useYield: fitted at once
  *fit(rows) {
    const { width, outputs } = rows;
    const { means, targets, xx, xy } = products(rows);
    return linearState(shortestSolution(xx, xy, width, outputs), means, targets);
  },
  predict: predictLinear,
};

/** Of all w that minimise |A w - b|, the shortest; A is symmetric and has no negative eigenvalue. */
function shortestSolution(xx: Float64Array, xy: Float64Array, width: number, outputs: number): Float64Array {
  const { values, vectors } = symmetricEigen(xx, width);
  const least = Math.max(...values) * width * Number.EPSILON;
  const weights = new Float64Array(width * outputs);
  for (let v = 0; v < width; v++) {
    if (!(values[v]! > least)) continue;
    const vector = vectors.subarray(v * width, (v + 1) * width);
    for (let k = 0; k < outputs; k++) {
      let sum = 0;
      for (let j = 0; j < width; j++) sum += vector[j]! * xy[j * outputs + k]!;
      for (let j = 0; j < width; j++) weights[j * outputs + k]! += (vector[j]! * sum) / values[v]!;
    }
  }
  return weights;
}

const ridgeSchema = once(() =>
  z.strictObject({ alpha: positive().default(1).describe('weight of the penalty, the sum of w²') }),
);
type RidgeFields = z.infer<ReturnType<typeof ridgeSchema>>;

/** Ridge(): least squares with alpha · Σ w² as a penalty, the intercept free. */
export const ridge: ModelEntry<RidgeFields> = {
  name: 'ridge',
  help: 'least squares with a penalty on large weights',
  get schema() {
    return ridgeSchema();
  },
  needs: ['numbers'],
  unit: 'fit',
  cost: (size) => cost(size) + size.width ** 3 / 6,
  // biome-ignore lint/correctness/useYield: fitted at once
  *fit(rows, { alpha }) {
    const { width, outputs } = rows;
    const { means, targets, xx, xy } = products(rows);
    for (let j = 0; j < width; j++) xx[j * width + j]! += alpha;
    const coef = solve(xx.slice(), xy.slice(), width, outputs) ?? shortestSolution(xx, xy, width, outputs);
    return linearState(coef, means, targets);
  },
  predict: predictLinear,
};

/**
 * A⁻¹ b of a positive definite A, by Cholesky; both are changed in place. Undefined where rounding leaves A
 * singular.
 */
function solve(a: Float64Array, b: Float64Array, n: number, outputs: number): Float64Array | undefined {
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      let sum = a[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= a[i * n + k]! * a[j * n + k]!;
      if (i === j && !(sum > 0)) return undefined;
      a[i * n + j] = i === j ? Math.sqrt(sum) : sum / a[j * n + j]!;
    }
  }
  for (let c = 0; c < outputs; c++) {
    for (let i = 0; i < n; i++) {
      let sum = b[i * outputs + c]!;
      for (let k = 0; k < i; k++) sum -= a[i * n + k]! * b[k * outputs + c]!;
      b[i * outputs + c] = sum / a[i * n + i]!;
    }
    for (let i = n - 1; i >= 0; i--) {
      let sum = b[i * outputs + c]!;
      for (let k = i + 1; k < n; k++) sum -= a[k * n + i]! * b[k * outputs + c]!;
      b[i * outputs + c] = sum / a[i * n + i]!;
    }
  }
  return b;
}
