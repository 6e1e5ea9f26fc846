import { noFields } from '../fields.ts';
import type { ThresholdEntry } from './threshold.ts';

/** Youden's J (1950), sensitivity + specificity - 1: the point of the ROC curve farthest above chance. */
export const youden: ThresholdEntry<Record<string, never>> = {
  name: 'youden',
  help: 'the largest sensitivity + specificity - 1',
  get schema() {
    return noFields();
  },
  // Times positives times negatives, which are the same for all thresholds: whole numbers, so that equal
  // points are equal.
  needs: ['classes', 'labels'],
  worth: ({ tp, fp, fn, tn }) => [tp * (fp + tn) - fp * (tp + fn)],
  says: () => 'best Youden index',
};
