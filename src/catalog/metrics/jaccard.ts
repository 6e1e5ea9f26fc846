import { jaccardOf, rates } from './confusion.ts';

/** jaccard_score (1901): tp / (tp + fp + fn). */
export const jaccard = rates(
  'jaccard',
  'examples that are positive and found, of those that are either',
  jaccardOf,
  ({ tp, fp, fn }) => [tp, tp + fp + fn],
);
