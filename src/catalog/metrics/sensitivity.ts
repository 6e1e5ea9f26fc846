import { rates, recallOf } from './confusion.ts';

/** Recall under medicine's name. */
export const sensitivity = rates(
  'sensitivity',
  'the same value as recall: share of the positives that are found',
  recallOf,
  ({ tp, fn }) => [tp, tp + fn],
);
