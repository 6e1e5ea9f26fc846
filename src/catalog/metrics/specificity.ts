import { averaged, oneAgainstRest, specificityOf } from './confusion.ts';
import type { MetricEntry, Predictions } from './metric.ts';

function counts(p: Predictions): readonly [number, number] | null {
  if (p.confusion?.length !== 2) return null;
  const { tn, fp } = oneAgainstRest(p.confusion)[1]!;
  return [tn, tn + fp];
}

/** The recall of "not this class": tn / (tn + fp). */
export const specificity: MetricEntry = {
  name: 'specificity',
  help: 'share of the negatives that are left alone (two classes: of class 0, else the mean over classes or labels)',
  tasks: ['classification', 'multilabel_classification'],
  direction: 'higher',
  range: [0, 1],
  compute: (p) => averaged(p, specificityOf),
  interval: { kind: 'proportion', counts },
};
