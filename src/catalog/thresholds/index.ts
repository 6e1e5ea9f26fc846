import { catalog } from '../entry.ts';
import { cost } from './cost.ts';
import { f1 } from './f1.ts';
import { sensitivity } from './sensitivity.ts';
import { specificity } from './specificity.ts';
import type { ThresholdEntry } from './threshold.ts';
import { youden } from './youden.ts';

export { positiveClass } from './positive.ts';
export type * from './threshold.ts';

// biome-ignore lint/suspicious/noExplicitAny: ways to choose differ in their fields
export const thresholds = catalog<ThresholdEntry<any>>(f1, youden, cost, sensitivity, specificity);
