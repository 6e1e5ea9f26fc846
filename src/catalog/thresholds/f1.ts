import { noFields } from '../fields.ts';
import { f1Of } from '../metrics/confusion.ts';
import type { ThresholdEntry } from './threshold.ts';

/**
 * The harmonic mean of precision and recall of the positive class, the best point of scikit-learn's
 * precision_recall_curve.
 */
export const f1: ThresholdEntry<Record<string, never>> = {
  name: 'f1',
  help: 'the best f1 of the positive class',
  get schema() {
    return noFields();
  },
  needs: ['classes', 'labels'],
  worth: (counts) => [f1Of(counts) ?? 0],
  says: () => 'best f1',
};
