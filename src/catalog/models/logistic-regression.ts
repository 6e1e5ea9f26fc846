import * as z from 'zod';
import { once, positive, count as wholeCount } from '../fields.ts';
import { lbfgs, type Objective } from './lbfgs.ts';
import type { Answers, ModelEntry, ModelState, Rows, TrainingRows } from './model.ts';
import { linear, sparse } from './sparse.ts';
import { doubles } from './state.ts';

const schema = once(() =>
  z.strictObject({
    C: positive().default(1).describe('how much the losses weigh against the penalty on large weights'),
    tol: positive().default(1e-4).describe('stop once no component of the gradient is larger'),
    max_iter: wholeCount().default(100).describe('most iterations of the solver (L-BFGS)'),
  }),
);
type Fields = z.infer<ReturnType<typeof schema>>;

/** Evaluations of the loss in an iteration, on average. */
const PASSES = 1.3;

/** Two classes are one line. */
const linesOf = ({ outputs }: Answers): number => (outputs === 2 ? 1 : outputs);

/**
 * LogisticRegression(): softmax over the classes (two: one line), an L2 penalty of Σ w² / (2 C) beside the
 * sum of the losses, the intercepts free. State: `coef` [width, lines], `intercept` [lines].
 */
export const logisticRegression: ModelEntry<Fields> = {
  name: 'logistic_regression',
  help: 'one layer with a softmax and a penalty on large weights',
  get schema() {
    return schema();
  },
  needs: ['classes', 'labels'],
  unit: 'iteration',
  cost: ({ train, test, width, outputs, density }, { max_iter }) => {
    const lines = outputs === 2 ? 1 : outputs;
    return (
      (2 * PASSES * max_iter * train + test) * (width * density * lines + 12 * outputs) +
      40 * max_iter * width * lines +
      (train + test) * width
    );
  },
  *fit(rows, { C, tol, max_iter }) {
    const lines = linesOf(rows);
    const size = rows.width * lines;
    // scikit-learn's solver sees the sum of losses, and so does the tolerance.
    const theta = new Float64Array(size + lines);
    const rounds = lbfgs(objectiveOf(rows, lines, 1 / C), theta, max_iter, tol);
    let done = 0;
    for (;;) {
      const next = rounds.next();
      if (next.done) break;
      done++;
      yield { done, most: max_iter, metrics: { objective: next.value } };
    }
    const state = new Map([
      ['coef', theta.slice(0, size)],
      ['intercept', theta.slice(size)],
    ]);
    return { state, facts: { iterations: done } };
  },
  predict(state: ModelState, rows: Rows, answers: Answers) {
    const { outputs } = answers;
    const [weights, bias] = [doubles(state, 'coef'), doubles(state, 'intercept')];
    const [z, p] = [new Float64Array(bias.length), new Float64Array(outputs)];
    const x = sparse(rows);
    const out = new Float32Array(rows.count * outputs);
    for (let i = 0; i < rows.count; i++) {
      linear(x, i, weights, bias, z);
      probabilities(z, p, 0);
      out.set(p, i * outputs);
    }
    return out;
  },
};

/** The sum of the losses and the penalty; theta is the weights [width, lines], then the intercepts. */
function objectiveOf(rows: TrainingRows, lines: number, penalty: number): Objective {
  const { count, width, outputs, y } = rows;
  const x = sparse(rows);
  const size = width * lines;
  const [z, p] = [new Float64Array(lines), new Float64Array(outputs)];
  return (theta, gradient) => {
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
      value += (penalty * weights[i]! ** 2) / 2;
      gradient[i]! += penalty * weights[i]!;
    }
    return value;
  };
}

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
