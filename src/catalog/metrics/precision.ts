import { precisionOf, rates } from './confusion.ts';

/** precision_score: tp / (tp + fp). */
export const precision = rates(
  'precision',
  'share of the positive predictions that are right',
  precisionOf,
  ({ tp, fp }) => [tp, tp + fp],
);
