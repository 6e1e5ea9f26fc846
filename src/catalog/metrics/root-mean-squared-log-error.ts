import { perTarget, weightedSum } from './errors.ts';
import type { MetricEntry } from './metric.ts';
import { even } from './scores.ts';

const under = perTarget((column, weights, weight) => {
  // A resample without the negative ones is no more defined than the whole.
  if (column.truth.some((v) => v < 0) || column.predicted.some((v) => v < 0)) return null;
  const sum = weightedSum(column, weights, (t, p) => (Math.log1p(p) - Math.log1p(t)) ** 2);
  return Math.sqrt(sum / weight);
});

/**
 * mean_squared_log_error(squared=False): of ln(1 + value); undefined below 0, where scikit-learn raises an
 * error.
 */
export const rootMeanSquaredLogError: MetricEntry<'numbers'> = {
  name: 'root_mean_squared_log_error',
  help: 'root of the mean squared distance of ln(1 + value); for values from 0',
  needs: ['numbers'],
  direction: 'lower',
  range: [0, Number.POSITIVE_INFINITY],
  compute: (p) => under(p)(even(p)),
  interval: { kind: 'rows', under },
};
