import type { MetricEntry, Weights } from './metric.ts';
import { eachGroup, type Ranking, rankingMetric } from './scores.ts';

/** Σ (recall_n - recall_n-1) · precision_n over falling thresholds, without interpolation. */
function precisionMean(ranking: Ranking, weights: Weights): number | null {
  let [found, taken, sum] = [0, 0, 0];
  eachGroup(ranking, weights, (p, n) => {
    found += p;
    taken += p + n;
    if (p > 0) sum += (p * found) / taken;
  });
  return found === 0 ? null : sum / found;
}

/** average_precision_score; a class or label that never occurs is left out of the mean. */
export const averagePrecision: MetricEntry[] = [
  rankingMetric(
    'average_precision',
    'area under precision by recall; guessing gets the share of positives (several classes, labels: mean)',
    precisionMean,
  ),
  rankingMetric(
    'average_precision_weighted',
    'the same as average_precision, each class or label as often as it is true',
    precisionMean,
    'weighted',
  ),
  rankingMetric(
    'average_precision_micro',
    'the same as average_precision, of all labels’ scores together',
    precisionMean,
    'micro',
  ),
];
