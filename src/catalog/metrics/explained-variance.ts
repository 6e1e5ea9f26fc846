import { explained, perTarget, weightedSum } from './errors.ts';
import type { MetricEntry } from './metric.ts';
import { even } from './scores.ts';

const under = perTarget((column, weights, weight) => {
  const mean = weightedSum(column, weights, (t) => t) / weight;
  const bias = weightedSum(column, weights, (t, p) => t - p) / weight;
  return explained(
    weightedSum(column, weights, (t, p) => (t - p - bias) ** 2),
    weightedSum(column, weights, (t) => (t - mean) ** 2),
  );
});

/** explained_variance_score: as r2, but a constant error costs nothing. */
export const explainedVariance: MetricEntry<'numbers'> = {
  name: 'explained_variance',
  help: 'as r2, but an error that is the same everywhere costs nothing',
  needs: ['numbers'],
  direction: 'higher',
  range: [Number.NEGATIVE_INFINITY, 1],
  compute: (p) => (p.count === 0 ? null : under(p)(even(p))),
  interval: { kind: 'rows', under },
};
