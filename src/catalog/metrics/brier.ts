import type { ClassScores, LabelPredictions } from '../../protocol/predictions.ts';
import { mean } from './errors.ts';
import { perExample, pooled } from './labels.ts';
import type { MetricEntry } from './metric.ts';
import { scoreOf } from './scores.ts';

function squares(p: ClassScores | LabelPredictions): Float64Array {
  if (p.form === 'labels') return perExample(p, squares(pooled(p)));
  const classes = p.classes.length;
  return Float64Array.from({ length: p.count }, (_, i) => {
    if (classes === 2) return (scoreOf(p, i, 1) - p.truth[i]!) ** 2;
    let sum = 0;
    for (let k = 0; k < classes; k++) sum += (scoreOf(p, i, k) - (p.truth[i] === k ? 1 : 0)) ** 2;
    return sum;
  });
}

/**
 * brier_score_loss of two classes (0 to 1), the mean of it over labels; of more, Brier's sum over the classes
 * (1950; 0 to 2).
 */
export const brier: MetricEntry<'classes' | 'labels'> = {
  name: 'brier',
  help: 'mean squared distance of the probabilities from the truth (two classes, labels: 0 to 1, else 0 to 2)',
  needs: ['classes', 'labels'],
  probabilities: true,
  direction: 'lower',
  range: [0, 2],
  compute: (p) => mean(squares(p)),
  interval: { kind: 'mean', values: squares },
};
