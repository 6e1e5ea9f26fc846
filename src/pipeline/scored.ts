import type { MetricValue } from '../protocol/metric-values.ts';
import type { Predictions } from '../protocol/predictions.ts';

/** Predictions of one split, and their metrics. */
export interface Scored {
  readonly predictions: Predictions;
  readonly metrics: Readonly<Record<string, MetricValue>>;
  /** The same without calibration and threshold, where validation made any. */
  readonly plain?: Omit<Scored, 'plain'>;
}
