import { inOrder } from '../../base/order.ts';
import { shuffled, streamKey } from '../../base/random.ts';
import type { BaselineEntry } from './baseline.ts';
import { linear, sparse } from './sparse.ts';

/** Passes over the rows; scikit-learn stops by a tolerance, most often earlier than its 1,000. */
const EPOCHS = 10;

/**
 * Perceptron(max_iter=10, tol=None): Rosenblatt's rule with rate 1, one against the rest; more than one line can claim an
 * example, so that the largest margin decides. Scores keep the order of margins only.
 * @param shuffle whether each pass sees the rows in a new order, as there
 */
export const fitPerceptron =
  (shuffle: boolean): BaselineEntry['fit'] =>
  (rows) => {
    const { count, width, outputs, y, seed } = rows;
    const lines = outputs === 2 ? 1 : outputs;
    const x = sparse(rows);
    const weights = new Float64Array(width * lines);
    const bias = new Float64Array(lines);
    const margins = new Float64Array(lines);
    const positions = inOrder(count);
    for (let epoch = 0; epoch < EPOCHS; epoch++) {
      const order = shuffle ? shuffled(positions, streamKey(seed, 'baseline/perceptron', epoch)) : positions;
      for (const i of order) {
        linear(x, i, weights, bias, margins);
        for (let k = 0; k < lines; k++) {
          const side = y[i] === (lines === 1 ? 1 : k) ? 1 : -1;
          if (margins[k]! * side > 0) continue;
          bias[k]! += side;
          for (let p = x.starts[i]!; p < x.starts[i + 1]!; p++)
            weights[x.columns[p]! * lines + k]! += side * x.values[p]!;
        }
      }
    }
    return (other) => {
      const given = sparse(other);
      const out = new Float32Array(other.count * outputs);
      for (let i = 0; i < other.count; i++) {
        linear(given, i, weights, bias, margins);
        const z = lines === 1 ? [0, margins[0]!] : margins;
        const top = Math.max(...z);
        // Margins of hundreds are no probabilities; squeezed, their order stays.
        for (let k = 0; k < outputs; k++) out[i * outputs + k] = 1 / (1 + top - z[k]!);
      }
      return out;
    };
  };

export const perceptron: BaselineEntry = {
  name: 'perceptron',
  help: 'Rosenblatt’s perceptron: the oldest network, one layer',
  needs: ['classes', 'labels'],
  margins: true,
  cost: ({ train, test, width, outputs, density }) =>
    (EPOCHS * 1.5 * train + test) * width * density * (outputs === 2 ? 1 : outputs) + (train + test) * width,
  fit: fitPerceptron(true),
};
