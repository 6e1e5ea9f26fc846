import { perTarget, squaredError } from './errors.ts';
import type { MetricEntry, Predictions } from './metric.ts';

/** Sum of squares of target j about its mean. */
function spread({ count, units, truth }: Predictions, j: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += truth[i * units + j]!;
  const mean = sum / count;
  let squares = 0;
  for (let i = 0; i < count; i++) squares += (truth[i * units + j]! - mean) ** 2;
  return squares;
}

/** r2_score: 1 - residual / total, targets averaged. A constant target gives 1 if it is met exactly, else 0. */
export const r2: MetricEntry = {
  name: 'r2',
  help: 'share of the variance that is explained; 0 is as good as guessing the mean',
  tasks: ['regression'],
  direction: 'higher',
  range: [Number.NEGATIVE_INFINITY, 1],
  compute(p) {
    if (p.count < 2) return null;
    return perTarget(p, (j) => {
      const residual = squaredError(p, j);
      const total = spread(p, j);
      if (total === 0) return residual === 0 ? 1 : 0;
      return 1 - residual / total;
    });
  },
};
