import * as z from 'zod';
import { atLeastZero, once } from '../fields.ts';
import { classShares } from './dummy.ts';
import type { ModelEntry } from './model.ts';
import { doubles } from './state.ts';

const schema = once(() =>
  z.strictObject({
    var_smoothing: atLeastZero()
      .default(1e-9)
      .describe('added to each variance, as a share of the largest variance of a column'),
  }),
);
type Fields = z.infer<ReturnType<typeof schema>>;

/** Where all columns are constant. */
const LEAST_VARIANCE = 1e-9;

/**
 * GaussianNB(): each column a normal distribution in each class, independent of the others. State: `shares`
 * [classes], `means` and `variances` [classes, width], `constants` [classes]: ln of the share and of the
 * densities' scales.
 */
export const gaussianNaiveBayes: ModelEntry<Fields> = {
  name: 'gaussian_naive_bayes',
  help: 'each column is normally distributed in each class, on its own',
  get schema() {
    return schema();
  },
  needs: ['classes', 'labels'],
  unit: 'fit',
  cost: ({ train, test, width, outputs }) => 6 * train * width + 2 * test * width * outputs,
  *fit(rows, { var_smoothing }) {
    const { x, y, count, width, outputs } = rows;
    const shares = classShares(rows);
    const means = new Float64Array(outputs * width);
    const variances = new Float64Array(outputs * width);
    for (let i = 0; i < count; i++)
      for (let j = 0; j < width; j++)
        means[y[i]! * width + j]! += x[i * width + j]! / (shares[y[i]!]! * count);
    for (let i = 0; i < count; i++)
      for (let j = 0; j < width; j++) {
        const at = y[i]! * width + j;
        variances[at]! += (x[i * width + j]! - means[at]!) ** 2 / (shares[y[i]!]! * count);
      }
    const extra = var_smoothing * largestVariance(x, count, width) || LEAST_VARIANCE;
    const constants = Float64Array.from(shares, (share, k) => {
      let sum = Math.log(share);
      for (let j = 0; j < width; j++) {
        variances[k * width + j]! += extra;
        sum -= 0.5 * Math.log(2 * Math.PI * variances[k * width + j]!);
      }
      return sum;
    });
    return { state: new Map(Object.entries({ shares, means, variances, constants })), facts: {} };
  },
  predict(state, { x, count, width }, { outputs }) {
    const [shares, means] = [doubles(state, 'shares'), doubles(state, 'means')];
    const [variances, constants] = [doubles(state, 'variances'), doubles(state, 'constants')];
    const out = new Float32Array(count * outputs);
    const log = new Float64Array(outputs);
    for (let i = 0; i < count; i++) {
      for (let k = 0; k < outputs; k++) {
        let sum = constants[k]!;
        if (shares[k]! > 0)
          for (let j = 0; j < width; j++) {
            const at = k * width + j;
            sum -= (x[i * width + j]! - means[at]!) ** 2 / (2 * variances[at]!);
          }
        log[k] = shares[k]! > 0 ? sum : Number.NEGATIVE_INFINITY;
      }
      const top = Math.max(...log);
      const total = log.reduce((sum, v) => sum + Math.exp(v - top), 0);
      for (let k = 0; k < outputs; k++) out[i * outputs + k] = Math.exp(log[k]! - top) / total;
    }
    return out;
  },
};

function largestVariance(x: Float32Array, count: number, width: number): number {
  let largest = 0;
  for (let j = 0; j < width; j++) {
    let mean = 0;
    for (let i = 0; i < count; i++) mean += x[i * width + j]! / count;
    let variance = 0;
    for (let i = 0; i < count; i++) variance += (x[i * width + j]! - mean) ** 2 / count;
    largest = Math.max(largest, variance);
  }
  return largest;
}
