import type { MetricEntry, Weights } from './metric.ts';
import { eachGroup, type Ranking, rankingMetric } from './scores.ts';

/** The chance that a positive is scored above a negative, ties counting one half (Hanley and McNeil 1982). */
function area(ranking: Ranking, weights: Weights): number | null {
  let [above, negatives, pairs] = [0, 0, 0];
  eachGroup(ranking, weights, (p, n) => {
    pairs += n * (above + p / 2);
    above += p;
    negatives += n;
  });
  return above === 0 || negatives === 0 ? null : pairs / (above * negatives);
}

/**
 * roc_auc_score, of several classes one against the rest (`multi_class='ovr'`). A class or label that never
 * or always occurs is left out of the mean, where scikit-learn raises an error.
 */
export const rocAuc: MetricEntry[] = [
  rankingMetric(
    'roc_auc',
    'chance that a positive is scored above a negative (several classes: mean, one against the rest; labels: mean)',
    area,
  ),
  rankingMetric(
    'roc_auc_weighted',
    'the same as roc_auc, each class or label as often as it is true',
    area,
    'weighted',
  ),
  rankingMetric('roc_auc_micro', 'the same as roc_auc, of all labels’ scores together', area, 'micro'),
];
