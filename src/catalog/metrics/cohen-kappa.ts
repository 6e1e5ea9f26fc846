import { marginals } from './confusion.ts';
import type { MetricEntry } from './metric.ts';

/**
 * cohen_kappa_score (1960): agreement beyond what the marginals give by chance; undefined where all is one
 * class.
 */
export const cohenKappa: MetricEntry<'classes'> = {
  name: 'cohen_kappa',
  help: 'agreement beyond chance: 1 all right, 0 as good as guessing by the shares of the classes',
  needs: ['classes'],
  direction: 'higher',
  range: [-1, 1],
  compute(p) {
    const { truth, predicted, right, all } = marginals(p.confusion);
    const chance = truth.reduce((sum, t, k) => sum + (t * predicted[k]!) / all, 0);
    return all === 0 || all === chance ? null : 1 - (all - right) / (all - chance);
  },
};
