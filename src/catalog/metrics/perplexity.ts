import { mean } from './errors.ts';
import { surprises } from './log-loss.ts';
import type { MetricEntry } from './metric.ts';

/** exp(log_loss): among how many equally likely classes the model seems to choose. */
export const perplexity: MetricEntry<'classes'> = {
  name: 'perplexity',
  help: 'exp of log_loss: among how many equally likely classes the model seems to choose',
  needs: ['classes'],
  probabilities: true,
  direction: 'lower',
  range: [1, Number.POSITIVE_INFINITY],
  compute(p) {
    const loss = mean(surprises(p));
    return loss === null ? null : Math.exp(loss);
  },
  interval: { kind: 'mean', values: surprises, through: Math.exp },
};
