import type { BaselineEntry } from './baseline.ts';
import { classShares } from './dummy.ts';

/** Added to each variance, as a share of the largest one; scikit-learn's var_smoothing. */
const SMOOTHING = 1e-9;

/** GaussianNB(): each column a normal distribution in each class, independent of the others. */
export const gaussianNaiveBayes: BaselineEntry = {
  name: 'gaussian_naive_bayes',
  help: 'each column is normally distributed in each class, on its own',
  needs: ['classes', 'labels'],
  cost: ({ train, test, width, outputs }) => 6 * train * width + 2 * test * width * outputs,
  fit(rows) {
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
    const extra = SMOOTHING * largestVariance(x, count, width) || SMOOTHING;
    const constants = Float64Array.from(shares, (share, k) => {
      let sum = Math.log(share);
      for (let j = 0; j < width; j++) {
        variances[k * width + j]! += extra;
        sum -= 0.5 * Math.log(2 * Math.PI * variances[k * width + j]!);
      }
      return sum;
    });
    return (other) => {
      const out = new Float32Array(other.count * outputs);
      const log = new Float64Array(outputs);
      for (let i = 0; i < other.count; i++) {
        for (let k = 0; k < outputs; k++) {
          let sum = constants[k]!;
          if (shares[k]! > 0)
            for (let j = 0; j < width; j++) {
              const at = k * width + j;
              sum -= (other.x[i * width + j]! - means[at]!) ** 2 / (2 * variances[at]!);
            }
          log[k] = shares[k]! > 0 ? sum : Number.NEGATIVE_INFINITY;
        }
        const top = Math.max(...log);
        const total = log.reduce((sum, v) => sum + Math.exp(v - top), 0);
        for (let k = 0; k < outputs; k++) out[i * outputs + k] = Math.exp(log[k]! - top) / total;
      }
      return out;
    };
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
