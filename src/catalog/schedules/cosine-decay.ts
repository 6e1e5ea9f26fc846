import * as z from 'zod';
import { LEARNING_RATE } from '../../protocol/learning-rate.ts';
import { count, once } from '../fields.ts';
import type { ScheduleEntry } from './schedule.ts';

const schema = once(() =>
  z.strictObject({
    decay_steps: z
      .union([z.null(), count()])
      .default(null)
      .describe('steps until the lowest rate; null: all of training'),
    alpha: z.number().min(0).max(1).default(0).describe('lowest rate as a share of the first'),
  }),
);

/**
 * base · (alpha + (1 - alpha) · (1 + cos(π · step / decay_steps)) / 2): Loshchilov and Hutter 2017, as in
 * Keras.
 */
export const cosineDecay: ScheduleEntry<z.infer<ReturnType<typeof schema>>> = {
  name: 'cosine_decay',
  changes: LEARNING_RATE,
  help: 'half a cosine from the rate down to `alpha` of it',
  get schema() {
    return schema();
  },
  rate(base, at, { decay_steps, alpha }) {
    const done = Math.min(1, at.step / Math.max(1, decay_steps ?? at.total_steps));
    return base * (alpha + ((1 - alpha) * (1 + Math.cos(Math.PI * done))) / 2);
  },
};
