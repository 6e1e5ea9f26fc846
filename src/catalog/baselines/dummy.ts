import { streamKey, uniform } from '../../base/random.ts';
import type { BaselineEntry, TrainingRows } from './baseline.ts';

/** The share of each class. */
export function classShares({ y, count, outputs }: TrainingRows): Float64Array {
  const shares = new Float64Array(outputs);
  for (let i = 0; i < count; i++) shares[y[i]!]! += 1 / count;
  return shares;
}

const repeated = (row: ArrayLike<number>, count: number): Float32Array =>
  Float32Array.from({ length: count * row.length }, (_, i) => row[i % row.length]!);

/** DummyClassifier(strategy='prior'): always the most frequent class, with the shares as probabilities. */
export const majority: BaselineEntry = {
  name: 'majority',
  help: 'always the most frequent class',
  needs: ['classes', 'labels'],
  cost: ({ train, test, outputs }) => train + test * outputs,
  fit(rows) {
    const shares = classShares(rows);
    return ({ count }) => repeated(shares, count);
  },
};

/** DummyClassifier(strategy='stratified'): a guess by the shares of the classes. */
export const stratified: BaselineEntry = {
  name: 'stratified',
  help: 'a random guess that knows how frequent each class is',
  needs: ['classes', 'labels'],
  cost: ({ train, test, outputs }) => train + test * outputs,
  fit(rows) {
    const shares = classShares(rows);
    const key = streamKey(rows.seed, 'baseline/stratified');
    return ({ count }) => {
      const out = new Float32Array(count * rows.outputs);
      for (let i = 0; i < count; i++) {
        let u = uniform(key, i);
        let k = 0;
        while (k < rows.outputs - 1 && u >= shares[k]!) u -= shares[k++]!;
        out[i * rows.outputs + k] = 1;
      }
      return out;
    };
  },
};

/** DummyRegressor(): always the mean of the training rows. */
export const mean: BaselineEntry = {
  name: 'mean',
  help: 'always the mean of the training rows',
  needs: ['numbers'],
  cost: ({ train, test, outputs }) => (train + test) * outputs,
  fit({ y, count, outputs }) {
    const means = new Float64Array(outputs);
    for (let i = 0; i < y.length; i++) means[i % outputs]! += y[i]! / count;
    return (rows) => repeated(means, rows.count);
  },
};
