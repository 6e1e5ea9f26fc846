import * as z from 'zod';
import { LEARNING_RATE } from '../../protocol/learning-rate.ts';
import { count, once, positive } from '../fields.ts';
import type { ScheduleEntry } from './schedule.ts';

const schema = once(() =>
  z.strictObject({
    decay_steps: count().describe('steps over which the rate falls by the factor `decay_rate`'),
    decay_rate: positive().describe('factor'),
    staircase: z
      .boolean()
      .default(false)
      .describe('decay in jumps every `decay_steps` instead of a little at each step'),
  }),
);

/** base · decay_rate^(step / decay_steps), as in Keras. */
export const exponentialDecay: ScheduleEntry<z.infer<ReturnType<typeof schema>>> = {
  name: 'exponential_decay',
  changes: LEARNING_RATE,
  help: 'the rate falls by the same factor in every `decay_steps`',
  get schema() {
    return schema();
  },
  rate(base, at, { decay_steps, decay_rate, staircase }) {
    const turns = at.step / decay_steps;
    return base * decay_rate ** (staircase ? Math.floor(turns) : turns);
  },
};
