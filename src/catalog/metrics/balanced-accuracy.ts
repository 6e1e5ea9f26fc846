import { oneAgainstRest, recallOf } from './confusion.ts';
import type { MetricEntry } from './metric.ts';

/** balanced_accuracy_score: the mean recall of the classes that occur in the truth, also for two classes. */
export const balancedAccuracy: MetricEntry<'classes'> = {
  name: 'balanced_accuracy',
  help: 'mean over the classes of the share that is found; a majority guess gets 1 / classes',
  needs: ['classes'],
  direction: 'higher',
  range: [0, 1],
  compute(p) {
    const recalls = oneAgainstRest(p.confusion)
      .map(recallOf)
      .filter((r) => r !== null);
    return recalls.length === 0 ? null : recalls.reduce((a, b) => a + b, 0) / recalls.length;
  },
};
