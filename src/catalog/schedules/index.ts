import { catalog } from '../entry.ts';
import { constant } from './constant.ts';
import { cosineDecay } from './cosine-decay.ts';
import { exponentialDecay } from './exponential-decay.ts';
import { reduceOnPlateau } from './reduce-on-plateau.ts';
import type { ScheduleEntry } from './schedule.ts';
import { step } from './step.ts';

export { rateAt } from './warmup.ts';

// biome-ignore lint/suspicious/noExplicitAny: each entry has its own fields
export const schedules = catalog<ScheduleEntry<any>>(
  constant,
  step,
  exponentialDecay,
  cosineDecay,
  reduceOnPlateau,
);
