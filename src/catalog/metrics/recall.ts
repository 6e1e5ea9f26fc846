import { rates, recallOf } from './confusion.ts';

/** recall_score: tp / (tp + fn). */
export const recall = rates('recall', 'share of the positives that are found', recallOf, ({ tp, fn }) => [
  tp,
  tp + fn,
]);
