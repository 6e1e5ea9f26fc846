import * as z from 'zod';
import { LEARNING_RATE } from '../../protocol/learning-rate.ts';
import { atLeastZero, count, once } from '../fields.ts';
import { metrics } from '../metrics/index.ts';
import type { ScheduleEntry } from './schedule.ts';

const schema = once(() =>
  z.strictObject({
    monitor: z.string().min(1).default('val_loss').describe('quantity that should improve'),
    factor: z.number().gt(0).lt(1).default(0.1).describe('what the rate is multiplied by'),
    patience: count().default(10).describe('epochs without improvement before the rate changes'),
    min_delta: atLeastZero().default(1e-4).describe('smallest change that counts as an improvement'),
    cooldown: z.int().min(0).default(0).describe('epochs after a change during which waiting doesn’t count'),
    min_learning_rate: atLeastZero().default(0).describe('lowest rate'),
  }),
);
type Params = z.infer<ReturnType<typeof schema>>;

/**
 * Keras' ReduceLROnPlateau, played again over the finished epochs; epochs without the quantity count as
 * nothing.
 */
export const reduceOnPlateau: ScheduleEntry<Params> = {
  name: 'reduce_on_plateau',
  changes: LEARNING_RATE,
  help: 'multiplies the rate by `factor` when a metric stops improving',
  get schema() {
    return schema();
  },
  rate(base, { history }, params) {
    const sign = higherIsBetter(params.monitor) ? -1 : 1;
    let rate = base;
    let best = Number.POSITIVE_INFINITY;
    let waited = 0;
    let cooling = 0;
    for (const epoch of history) {
      const value = epoch[params.monitor];
      if (value === undefined) continue;
      if (cooling > 0) {
        cooling -= 1;
        waited = 0;
      }
      if (sign * value + params.min_delta < best) {
        best = sign * value;
        waited = 0;
        continue;
      }
      if (cooling > 0) continue;
      waited += 1;
      if (waited < params.patience || rate <= params.min_learning_rate) continue;
      rate = Math.max(rate * params.factor, params.min_learning_rate);
      cooling = params.cooldown;
      waited = 0;
    }
    return rate;
  },
};

const higherIsBetter = (monitor: string) => metrics.get(monitor.replace(/^val_/, ''))?.direction === 'higher';
