import { averaged, specificityOf } from './confusion.ts';
import type { MetricEntry } from './metric.ts';

/** The recall of "not this class": tn / (tn + fp). */
export const specificity: MetricEntry = {
  name: 'specificity',
  help: 'share of the negatives that are left alone (two classes: of class 0, else the mean over classes)',
  tasks: ['classification'],
  direction: 'higher',
  range: [0, 1],
  compute: (p) => averaged(p, specificityOf),
};
