import { mean } from './errors.ts';
import { perExample, pooled } from './labels.ts';
import type { MetricEntry, Predictions } from './metric.ts';
import { classCount, scoreOf } from './scores.ts';

function squares(p: Predictions): Float64Array {
  if (p.labels) return perExample(p, squares(pooled(p)));
  const classes = classCount(p);
  return Float64Array.from({ length: p.count }, (_, i) => {
    if (classes === 2) return (scoreOf(p, i, 1) - p.truth[i]!) ** 2;
    let sum = 0;
    for (let k = 0; k < classes; k++) sum += (scoreOf(p, i, k) - (p.truth[i] === k ? 1 : 0)) ** 2;
    return sum;
  });
}

/** brier_score_loss of two classes (0 to 1), the mean of it over labels; of more, Brier's sum over the classes (1950; 0 to 2). */
export const brier: MetricEntry = {
  name: 'brier',
  help: 'mean squared distance of the probabilities from the truth (two classes, labels: 0 to 1, else 0 to 2)',
  tasks: ['classification', 'multilabel_classification'],
  probabilities: true,
  direction: 'lower',
  range: [0, 2],
  compute: (p) => mean(squares(p)),
  interval: { kind: 'mean', values: squares },
};
