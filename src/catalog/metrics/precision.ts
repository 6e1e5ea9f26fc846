import { averaged, precisionOf } from './confusion.ts';
import type { MetricEntry } from './metric.ts';

/** precision_score: tp / (tp + fp). */
export const precision: MetricEntry = {
  name: 'precision',
  help: 'share of the positive predictions that are right (two classes: of class 1, else the mean over classes)',
  tasks: ['classification'],
  direction: 'higher',
  range: [0, 1],
  compute: (p) => averaged(p, precisionOf),
};
