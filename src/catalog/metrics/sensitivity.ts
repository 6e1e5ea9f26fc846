import type { MetricEntry } from './metric.ts';
import { recall } from './recall.ts';

/** Recall under medicine's name. */
export const sensitivity: MetricEntry = {
  ...recall,
  name: 'sensitivity',
  help: 'the same value as recall: share of the positives that are found',
};
