import * as z from 'zod';
import { LEARNING_RATE } from '../../protocol/learning-rate.ts';
import { count, once, positive } from '../fields.ts';
import type { ScheduleEntry } from './schedule.ts';

const schema = once(() =>
  z.strictObject({
    factor: positive().default(0.1).describe('what the rate is multiplied by'),
    every_epochs: count().default(10).describe('epochs between two changes'),
  }),
);

/** base · factor^floor(epoch / every_epochs). */
export const step: ScheduleEntry<z.infer<ReturnType<typeof schema>>> = {
  name: 'step',
  changes: LEARNING_RATE,
  help: 'multiplies the rate by `factor` every few epochs',
  get schema() {
    return schema();
  },
  rate: (base, { epoch }, { factor, every_epochs }) => base * factor ** Math.floor(epoch / every_epochs),
};
