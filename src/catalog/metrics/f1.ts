import { averaged, f1Of } from './confusion.ts';
import type { MetricEntry } from './metric.ts';

/** f1_score: the harmonic mean of precision and recall. */
export const f1: MetricEntry = {
  name: 'f1',
  help: 'harmonic mean of precision and recall (two classes: of class 1, else the mean over classes)',
  tasks: ['classification'],
  direction: 'higher',
  range: [0, 1],
  compute: (p) => averaged(p, f1Of),
};
