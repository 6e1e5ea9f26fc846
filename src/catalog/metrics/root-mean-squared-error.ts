import { perTarget, weightedSum } from './errors.ts';
import type { MetricEntry } from './metric.ts';
import { even } from './scores.ts';

const under = perTarget((column, weights, weight) =>
  Math.sqrt(weightedSum(column, weights, (t, p) => (p - t) ** 2) / weight),
);

/** mean_squared_error(squared=False): the root is taken for each target, then targets are averaged. */
export const rootMeanSquaredError: MetricEntry<'numbers'> = {
  name: 'root_mean_squared_error',
  help: 'root of the mean squared distance from the truth, in its unit',
  needs: ['numbers'],
  direction: 'lower',
  range: [0, Number.POSITIVE_INFINITY],
  compute: (p) => under(p)(even(p)),
  interval: { kind: 'rows', under },
};
