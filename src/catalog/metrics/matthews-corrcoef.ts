import { marginals } from './confusion.ts';
import type { MetricEntry } from './metric.ts';

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, v, i) => sum + v * b[i]!, 0);

/**
 * matthews_corrcoef: the correlation of truth and prediction, for any number of classes (Gorodkin 2004); 0
 * where one of the two is constant.
 */
export const matthewsCorrcoef: MetricEntry<'classes'> = {
  name: 'matthews_corrcoef',
  help: 'correlation of truth and prediction: 1 all right, 0 as good as guessing, -1 all wrong',
  needs: ['classes'],
  direction: 'higher',
  range: [-1, 1],
  compute(p) {
    const { truth, predicted, right, all } = marginals(p.confusion);
    if (all === 0) return null;
    const covariance = right * all - dot(truth, predicted);
    const spread = (all * all - dot(predicted, predicted)) * (all * all - dot(truth, truth));
    return spread === 0 ? 0 : covariance / Math.sqrt(spread);
  },
};
