import { LEARNING_RATE } from '../../protocol/learning-rate.ts';
import { noFields } from '../fields.ts';
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
