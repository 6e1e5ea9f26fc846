import { catalog } from '../entry.ts';
import { decisionTree } from './decision-tree.ts';
import { majority, mean, stratified } from './dummy.ts';
import { smallFields } from './fit.ts';
import { gaussianNaiveBayes } from './gaussian-naive-bayes.ts';
import { gradientBoosting } from './gradient-boosting.ts';
import { knn } from './knn.ts';
import { linearRegression, ridge } from './linear-model.ts';
import { logisticRegression } from './logistic-regression.ts';
import type { AnyModel } from './model.ts';
import { perceptron } from './perceptron.ts';

export { finished, fitWhole, smallFields } from './fit.ts';
export type * from './model.ts';
export { fitEach, predictEach } from './one-vs-rest.ts';

/** Models by name, in the order in which help lists them. */
export const models = catalog<AnyModel>(
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
);

/** A model as a baseline. */
export type BaselineEntry = Pick<AnyModel, 'name' | 'help' | 'needs'>;

/** Every model, run small. */
export const baselines: ReadonlyMap<string, BaselineEntry> = new Map(
  [...models.values()].map(({ name, needs, help, small }) => [
    name,
    { name, needs, help: small?.help ?? help },
  ]),
);

/** The fields that each model runs with as a baseline, by its name. */
export const baselineFields = (): Record<string, unknown> =>
  Object.fromEntries([...models.values()].map((entry) => [entry.name, smallFields(entry)]));
