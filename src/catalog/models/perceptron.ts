import * as z from 'zod';
import { inOrder } from '../../base/order.ts';
import { shuffled, streamKey } from '../../base/random.ts';
import { atLeastZero, once, count as wholeCount } from '../fields.ts';
import type { ModelEntry } from './model.ts';
import { linear, sparse } from './sparse.ts';
import { doubles } from './state.ts';

const schema = once(() =>
  z.strictObject({
    max_iter: wholeCount().default(1000).describe('most passes over the rows'),
    tol: atLeastZero()
      .nullable()
      .default(1e-3)
      .describe('a line that gains less than this for each row, as a mean, is done; null: it never is'),
    n_iter_no_change: wholeCount().default(5).describe('passes without such a gain before a line is done'),
    shuffle: z.boolean().default(true).describe('see the rows in a new order in each pass'),
  }),
);
type Fields = z.infer<ReturnType<typeof schema>>;

/**
 * Perceptron(): Rosenblatt's rule with rate 1, one against the rest; more than one line can claim an example,
 * so that the largest margin decides. Scores keep the order of margins only. State: `coef` [width, lines],
 * `intercept` [lines]; while it is being fitted also `least_loss` and `waited` [lines], for the stopping of
 * each line.
 */
export const perceptron: ModelEntry<Fields> = {
  name: 'perceptron',
  help: 'Rosenblatt’s perceptron: the oldest network, one layer',
  get schema() {
    return schema();
  },
  needs: ['classes', 'labels'],
  unit: 'epoch',
  small: {
    fields: { max_iter: 10, tol: null },
    help: 'Rosenblatt’s perceptron: the oldest network, one layer',
  },
  margins: true,
  cost: ({ train, test, width, outputs, density }, { max_iter }) =>
    (max_iter * 1.5 * train + test) * width * density * (outputs === 2 ? 1 : outputs) +
    (train + test) * width,

  *fit(rows, { max_iter, tol, n_iter_no_change, shuffle }, start) {
    const { count, width, outputs, y, seed } = rows;
    const lines = outputs === 2 ? 1 : outputs;
    const x = sparse(rows);
    const from = (name: string, length: number, value = 0) =>
      start ? doubles(start.state, name).slice() : new Float64Array(length).fill(value);
    const weights = from('coef', width * lines);
    const bias = from('intercept', lines);
    const least = from('least_loss', lines, Number.POSITIVE_INFINITY);
    const waited = from('waited', lines);
    const [margins, losses] = [new Float64Array(lines), new Float64Array(lines)];
    const positions = inOrder(count);
    let epoch = start?.done ?? 0;
    while (epoch < max_iter && waited.some((epochs) => epochs < n_iter_no_change)) {
      const order = shuffle ? shuffled(positions, streamKey(seed, 'baseline/perceptron', epoch)) : positions;
      losses.fill(0);
      for (const i of order) {
        linear(x, i, weights, bias, margins);
        for (let k = 0; k < lines; k++) {
          const side = y[i] === (lines === 1 ? 1 : k) ? 1 : -1;
          if (margins[k]! * side > 0 || waited[k]! >= n_iter_no_change) continue;
          losses[k]! -= margins[k]! * side;
          bias[k]! += side;
          for (let p = x.starts[i]!; p < x.starts[i + 1]!; p++)
            weights[x.columns[p]! * lines + k]! += side * x.values[p]!;
        }
      }
      for (let k = 0; k < lines && tol !== null; k++) {
        if (waited[k]! >= n_iter_no_change) continue;
        waited[k] = losses[k]! > least[k]! - tol * count ? waited[k]! + 1 : 0;
        least[k] = Math.min(least[k]!, losses[k]!);
      }
      epoch++;
      yield {
        done: epoch,
        most: max_iter,
        metrics: { loss: losses.reduce((a, b) => a + b) / (count * lines) },
        state: () =>
          new Map(
            Object.entries({
              coef: weights.slice(),
              intercept: bias.slice(),
              least_loss: least.slice(),
              waited: waited.slice(),
            }),
          ),
      };
    }
    return { state: new Map(Object.entries({ coef: weights, intercept: bias })), facts: { epochs: epoch } };
  },

  predict(state, rows, { outputs }) {
    const [weights, bias] = [doubles(state, 'coef'), doubles(state, 'intercept')];
    const margins = new Float64Array(bias.length);
    const x = sparse(rows);
    const out = new Float32Array(rows.count * outputs);
    for (let i = 0; i < rows.count; i++) {
      linear(x, i, weights, bias, margins);
      const z = bias.length === 1 ? [0, margins[0]!] : margins;
      const top = Math.max(...z);
      // Margins of hundreds are no probabilities; squeezed, their order stays.
      for (let k = 0; k < outputs; k++) out[i * outputs + k] = 1 / (1 + top - z[k]!);
    }
    return out;
  },
};
