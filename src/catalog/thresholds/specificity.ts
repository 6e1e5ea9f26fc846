import { recallOf, specificityOf } from '../metrics/confusion.ts';
import { type RequiredRate, requiredRate, type ThresholdEntry } from './threshold.ts';

/** As sensitive as possible where at least this share of the other examples isn't taken for positive. */
export const specificity: ThresholdEntry<RequiredRate> = {
  name: 'specificity',
  help: 'a required specificity, with the best sensitivity that allows it',
  get schema() {
    return requiredRate();
  },
  needs: ['classes', 'labels'],
  worth(counts, { at_least }) {
    const [found, spared] = [recallOf(counts)!, specificityOf(counts)!];
    return spared >= at_least ? [1, found, spared] : [0, spared, found];
  },
  says: ({ at_least }) => `specificity >= ${at_least}`,
};
