import { accuracy } from './accuracy.ts';
import { balancedAccuracy } from './balanced-accuracy.ts';
import { f1 } from './f1.ts';
import { meanAbsoluteError } from './mean-absolute-error.ts';
import { meanSquaredError } from './mean-squared-error.ts';
import type { MetricEntry } from './metric.ts';
import { precision } from './precision.ts';
import { r2 } from './r2.ts';
import { recall } from './recall.ts';
import { rootMeanSquaredError } from './root-mean-squared-error.ts';
import { sensitivity } from './sensitivity.ts';
import { specificity } from './specificity.ts';

export { f1Of, oneAgainstRest, precisionOf, recallOf, specificityOf } from './confusion.ts';
export type * from './metric.ts';

const entries: readonly MetricEntry[] = [
  accuracy,
  precision,
  recall,
  sensitivity,
  specificity,
  f1,
  balancedAccuracy,
  meanAbsoluteError,
  meanSquaredError,
  rootMeanSquaredError,
  r2,
];

/** Metrics by name, in the order in which help lists them. */
export const metrics: ReadonlyMap<string, MetricEntry> = new Map(entries.map((entry) => [entry.name, entry]));
