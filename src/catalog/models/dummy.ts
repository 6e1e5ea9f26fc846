import { streamKey, uniform } from '../../base/random.ts';
import { noFields } from '../fields.ts';
import type { Answers, Fitted, ModelEntry, Round, TrainingRows } from './model.ts';
import { doubles } from './state.ts';

/** The share of each class. */
export function classShares({ y, count, outputs }: TrainingRows): Float64Array {
  const shares = new Float64Array(outputs);
  for (let i = 0; i < count; i++) shares[y[i]!]! += 1 / count;
  return shares;
}

/** The mean of each target. */
export function targetMeans({ y, count, outputs }: TrainingRows): Float64Array {
  const means = new Float64Array(outputs);
  for (let i = 0; i < y.length; i++) means[i % outputs]! += y[i]! / count;
  return means;
}

const repeated = (row: ArrayLike<number>, count: number): Float32Array =>
  Float32Array.from({ length: count * row.length }, (_, i) => row[i % row.length]!);

type NoFields = Record<string, never>;

// biome-ignore lint/correctness/useYield: fitted at once
function* shares(rows: TrainingRows): Generator<Round, Fitted> {
  return { state: new Map([['shares', classShares(rows)]]), facts: {} };
}

/**
 * DummyClassifier(strategy='prior'): always the most frequent class, with the shares as probabilities. State:
 * `shares` [classes].
 */
export const majority: ModelEntry<NoFields> = {
  name: 'majority',
  help: 'always the most frequent class',
  get schema() {
    return noFields();
  },
  needs: ['classes', 'labels'],
  unit: 'fit',
  cost: ({ train, test, outputs }) => train + test * outputs,
  fit: shares,
  predict: (state, { count }) => repeated(doubles(state, 'shares'), count),
};

/**
 * DummyClassifier(strategy='stratified'): a guess by the shares of the classes. State: `shares` [classes],
 * `seed` [1].
 */
export const stratified: ModelEntry<NoFields> = {
  name: 'stratified',
  help: 'a random guess that knows how frequent each class is',
  get schema() {
    return noFields();
  },
  needs: ['classes', 'labels'],
  unit: 'fit',
  cost: ({ train, test, outputs }) => train + test * outputs,
  // biome-ignore lint/correctness/useYield: fitted at once
  *fit(rows) {
    const state = new Map([
      ['shares', classShares(rows)],
      ['seed', Float64Array.of(rows.seed)],
    ]);
    return { state, facts: {} };
  },
  predict(state, { count }, { outputs }: Answers) {
    const shares = doubles(state, 'shares');
    const key = streamKey(doubles(state, 'seed')[0]!, 'baseline/stratified');
    const out = new Float32Array(count * outputs);
    for (let i = 0; i < count; i++) {
      let u = uniform(key, i);
      let k = 0;
      while (k < outputs - 1 && u >= shares[k]!) u -= shares[k++]!;
      out[i * outputs + k] = 1;
    }
    return out;
  },
};

/** DummyRegressor(): always the mean of the training rows. State: `means` [targets]. */
export const mean: ModelEntry<NoFields> = {
  name: 'mean',
  help: 'always the mean of the training rows',
  get schema() {
    return noFields();
  },
  needs: ['numbers'],
  unit: 'fit',
  cost: ({ train, test, outputs }) => (train + test) * outputs,
  // biome-ignore lint/correctness/useYield: fitted at once
  *fit(rows) {
    return { state: new Map([['means', targetMeans(rows)]]), facts: {} };
  },
  predict: (state, { count }) => repeated(doubles(state, 'means'), count),
};
