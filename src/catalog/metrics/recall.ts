import { averaged, recallOf } from './confusion.ts';
import type { MetricEntry } from './metric.ts';

/** recall_score: tp / (tp + fn). */
export const recall: MetricEntry = {
  name: 'recall',
  help: 'share of the positives that are found (two classes: of class 1, else the mean over classes)',
  tasks: ['classification'],
  direction: 'higher',
  range: [0, 1],
  compute: (p) => averaged(p, recallOf),
};
