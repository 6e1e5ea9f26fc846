import type { MetricValue } from './metric-values.ts';

export interface ComparedBaseline {
  readonly name: string;
  readonly value: number | null;
  /** The network's value minus this one's, with 95% interval and p of the paired test. */
  readonly difference: number | null;
  readonly interval?: MetricValue['interval'];
  readonly p?: number;
  readonly seconds: number;
  readonly train_examples: number;
}

/** `baselines` of result.json. */
export interface BaselineReport {
  /** What the models are compared by: the first of `evaluation.metrics`. */
  readonly metric: string;
  readonly split: 'test' | 'validation';
  /** Examples that the models are compared on; by default some of very many. */
  readonly examples: number;
  readonly test: 'McNemar' | 'paired bootstrap';
  /** The best of them; none where all leave the metric undefined. */
  readonly best?: string;
  readonly verdict: 'network_better' | 'no_difference' | 'baseline_better';
  /** "Can I solve this problem more easily?" in words. */
  readonly text: string;
  readonly models: readonly ComparedBaseline[];
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
}
