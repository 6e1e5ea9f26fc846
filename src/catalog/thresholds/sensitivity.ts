import { recallOf, specificityOf } from '../metrics/confusion.ts';
import { type RequiredRate, requiredRate, type ThresholdEntry } from './threshold.ts';

/** As specific as possible where at least this share of the positive examples is found. */
export const sensitivity: ThresholdEntry<RequiredRate> = {
  name: 'sensitivity',
  help: 'a required sensitivity (recall), with the best specificity that allows it',
  get schema() {
    return requiredRate();
  },
  needs: ['classes', 'labels'],
  worth(counts, { at_least }) {
    const [found, spared] = [recallOf(counts)!, specificityOf(counts)!];
    return found >= at_least ? [1, spared, found] : [0, found, spared];
  },
  says: ({ at_least }) => `sensitivity >= ${at_least}`,
};
