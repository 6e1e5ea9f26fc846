import type { BaselineEntry } from './baseline.ts';
import { lbfgs } from './lbfgs.ts';
import { linear, sparse } from './sparse.ts';

const ROUNDS = 100; // scikit-learn's max_iter
const PASSES = 1.3; // evaluations of the loss in a round, on average
const TOLERANCE = 1e-4;

/**
 * LogisticRegression(): softmax over the classes (two: one line), an L2 penalty of Σ w² / 2 beside the sum of the losses
 * (C = 1), the intercepts free.
 */
export const fitLogistic =
  (rounds: number, tolerance: number): BaselineEntry['fit'] =>
  (rows) => {
    const { count, width, outputs, y } = rows;
    const lines = outputs === 2 ? 1 : outputs;
    const x = sparse(rows);
    const size = width * lines;
    const z = new Float64Array(lines);
    const p = new Float64Array(outputs);
    const objective = (theta: Float64Array, gradient: Float64Array): number => {
      const [weights, bias] = [theta.subarray(0, size), theta.subarray(size)];
      gradient.fill(0);
      let value = 0;
      for (let i = 0; i < count; i++) {
        linear(x, i, weights, bias, z);
        value -= probabilities(z, p, y[i]!);
        for (let k = 0; k < lines; k++) {
          const c = lines === 1 ? 1 : k;
          z[k] = p[c]! - (y[i] === c ? 1 : 0);
          gradient[size + k]! += z[k]!;
        }
        for (let at = x.starts[i]!; at < x.starts[i + 1]!; at++) {
          const v = x.values[at]!;
          const row = x.columns[at]! * lines;
          for (let k = 0; k < lines; k++) gradient[row + k]! += v * z[k]!;
        }
      }
      for (let i = 0; i < size; i++) {
        value += weights[i]! ** 2 / 2;
        gradient[i]! += weights[i]!;
      }
      return value;
    };
    // scikit-learn's solver sees the sum of losses, and so does the tolerance.
    const theta = lbfgs(objective, new Float64Array(size + lines), rounds, tolerance);
    const [weights, bias] = [theta.subarray(0, size), theta.subarray(size)];
    return (other) => {
      const given = sparse(other);
      const out = new Float32Array(other.count * outputs);
      for (let i = 0; i < other.count; i++) {
        linear(given, i, weights, bias, z);
        probabilities(z, p, 0);
        out.set(p, i * outputs);
      }
      return out;
    };
  };

/** Fills `p` with the softmax of the lines. @returns ln of the true class's */
function probabilities(z: Float64Array, p: Float64Array, truth: number): number {
  const scores = z.length === 1 ? [0, z[0]!] : z;
  let top = scores[0]!;
  for (let k = 1; k < scores.length; k++) top = Math.max(top, scores[k]!);
  let sum = 0;
  for (let k = 0; k < scores.length; k++) {
    p[k] = Math.exp(scores[k]! - top);
    sum += p[k]!;
  }
  for (let k = 0; k < scores.length; k++) p[k]! /= sum;
  return scores[truth]! - top - Math.log(sum);
}

export const logisticRegression: BaselineEntry = {
  name: 'logistic_regression',
  help: 'one layer with a softmax and a penalty on large weights',
  needs: ['classes', 'labels'],
  cost: ({ train, test, width, outputs, density }) => {
    const lines = outputs === 2 ? 1 : outputs;
    return (
      (2 * PASSES * ROUNDS * train + test) * (width * density * lines + 12 * outputs) +
      40 * ROUNDS * width * lines +
      (train + test) * width
    );
  },
  fit: fitLogistic(ROUNDS, TOLERANCE),
};
