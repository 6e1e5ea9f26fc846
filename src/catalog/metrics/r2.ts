import { explained, perTarget, weightedSum } from './errors.ts';
import type { MetricEntry } from './metric.ts';
import { even } from './scores.ts';

const under = perTarget((column, weights, weight) => {
  const mean = weightedSum(column, weights, (t) => t) / weight;
  const residual = weightedSum(column, weights, (t, p) => (p - t) ** 2);
  return explained(
    residual,
    weightedSum(column, weights, (t) => (t - mean) ** 2),
  );
});

/**
 * r2_score: 1 - residual / total, targets averaged. A constant target gives 1 if it is met exactly, else 0.
 */
export const r2: MetricEntry<'numbers'> = {
  name: 'r2',
  help: 'share of the variance that is explained; 0 is as good as guessing the mean',
  needs: ['numbers'],
  direction: 'higher',
  range: [Number.NEGATIVE_INFINITY, 1],
  compute: (p) => (p.count < 2 ? null : under(p)(even(p))),
  interval: { kind: 'rows', under },
};
