import type { ClassPredictions, LabelPredictions } from '../../protocol/predictions.ts';
import { averaged, specificityOf, twoClasses } from './confusion.ts';
import type { MetricEntry } from './metric.ts';

function counts(p: ClassPredictions | LabelPredictions): readonly [number, number] | null {
  const [, second] = twoClasses(p);
  return second ? [second.tn, second.tn + second.fp] : null;
}

/** The recall of "not this class": tn / (tn + fp). */
export const specificity: MetricEntry<'classes' | 'labels'> = {
  name: 'specificity',
  help: 'share of the negatives that are left alone (two classes: of class 0, else the mean over classes or labels)',
  needs: ['classes', 'labels'],
  direction: 'higher',
  range: [0, 1],
  compute: (p) => averaged(p, specificityOf),
  interval: { kind: 'proportion', counts },
};
