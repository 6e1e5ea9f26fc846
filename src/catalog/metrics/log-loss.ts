import type { ClassScores, LabelPredictions } from '../../protocol/predictions.ts';
import { mean } from './errors.ts';
import { perExample, pooled } from './labels.ts';
import type { MetricEntry } from './metric.ts';
import { scoreOf } from './scores.ts';

/** scikit-learn's: probabilities are kept this far from 0 and 1, then scaled to a sum of 1. */
const EPSILON = Number.EPSILON;
const kept = (p: number) => Math.min(Math.max(p, EPSILON), 1 - EPSILON);

/** -ln p of each example's true class; of labels the mean over them, each with or without. */
export function surprises(p: ClassScores | LabelPredictions): Float64Array {
  if (p.form === 'labels') return perExample(p, surprises(pooled(p)));
  const classes = p.classes.length;
  return Float64Array.from({ length: p.count }, (_, i) => {
    let sum = 0;
    for (let k = 0; k < classes; k++) sum += kept(scoreOf(p, i, k));
    return -Math.log(kept(scoreOf(p, i, p.truth[i]!)) / sum);
  });
}

/** log_loss: the mean of -ln p of the true class; of labels the mean of their log_loss. */
export const logLoss: MetricEntry<'classes' | 'labels'> = {
  name: 'log_loss',
  help: 'mean of -ln of the probability that the true class got (labels: the mean over them)',
  needs: ['classes', 'labels'],
  probabilities: true,
  direction: 'lower',
  range: [0, Number.POSITIVE_INFINITY],
  compute: (p) => mean(surprises(p)),
  interval: { kind: 'mean', values: surprises },
};
