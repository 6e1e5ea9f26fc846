import type { BaselineEntry } from './baseline.ts';
import { decisionTree } from './decision-tree.ts';
import { majority, mean, stratified } from './dummy.ts';
import { gaussianNaiveBayes } from './gaussian-naive-bayes.ts';
import { gradientBoosting } from './gradient-boosting.ts';
import { knn } from './knn.ts';
import { linearRegression, ridge } from './linear-model.ts';
import { logisticRegression } from './logistic-regression.ts';
import { perceptron } from './perceptron.ts';

export type * from './baseline.ts';
export { oneVsRest } from './one-vs-rest.ts';

const entries: readonly BaselineEntry[] = [
  majority,
  stratified,
  mean,
  perceptron,
  logisticRegression,
  linearRegression,
  ridge,
  knn,
  gaussianNaiveBayes,
  decisionTree,
  gradientBoosting,
];

/** Baselines by name, in the order in which help lists them. */
export const baselines: ReadonlyMap<string, BaselineEntry> = new Map(
  entries.map((entry) => [entry.name, entry]),
);
