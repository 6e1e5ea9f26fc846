import { noFields } from '../fields.ts';
import { LEARNING_RATE } from '../optimizers/learning-rate.ts';
import type { ScheduleEntry } from './schedule.ts';

export const constant: ScheduleEntry<Record<string, never>> = {
  name: 'constant',
  changes: LEARNING_RATE,
  help: "the optimizer's learning rate throughout",
  get schema() {
    return noFields();
  },
  rate: (base) => base,
};
