import { positive } from '../fields.ts';

/** The rate that every optimizer has; schedules start from it. */
export const learningRate = (byDefault: number) => positive().default(byDefault).describe('size of a step');
