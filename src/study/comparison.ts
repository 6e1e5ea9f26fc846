import type { MetricDifference } from '../evaluate/index.ts';
import type { Result } from '../protocol/result.ts';
import type { RunBrief } from '../record/index.ts';

type MetricValue = NonNullable<Result['metrics']['test']>[string];

/** `mlx compare --json`; an interface that others read: only add to it. */
export interface Comparison {
  readonly format: 1;
  /** The first is the baseline. */
  readonly runs: readonly ComparedRun[];
  readonly config: readonly Difference[];
  /** How many values all configs share. */
  readonly same_config: number;
  readonly data: readonly Difference[];
  readonly environment: readonly Difference[];
  readonly metrics: readonly ComparedMetric[];
  /** Each other run against the baseline. */
  readonly against: readonly (Paired | Refused)[];
  readonly verdicts: readonly Verdict[];
  /** The loss of each run, validation's where it has one. */
  readonly curves: readonly Curve[];
  /**
   * One metric of all runs: what they monitor, else the first that they share; none where they share none.
   */
  readonly monitored: readonly Curve[];
}

/** One value an epoch. */
export interface Curve {
  readonly run: string;
  readonly metric: string;
  readonly points: readonly (readonly [epoch: number, value: number])[];
}

export interface ComparedRun {
  /** `A`, `B`, ... */
  readonly label: string;
  readonly name: string;
  readonly id: string;
  /** As it was found, with forward slashes. */
  readonly folder: string;
  readonly status: RunBrief['status'];
  readonly seconds: number | null;
  readonly samples_per_second: number | null;
  readonly parameters: number | null;
  /** The most memory that the process held. */
  readonly peak_rss_bytes: number | null;
  readonly epochs: number | null;
  readonly problems: readonly string[];
}

/** One value a run; null where a run hasn't got it. */
export interface Difference {
  readonly path: string;
  readonly values: readonly (string | null)[];
  /**
   * Of a step of a list that some runs haven't got: whether the baseline is among them. Its `values` are all
   * that the step says.
   */
  readonly change?: 'inserted' | 'removed';
}

export interface ComparedMetric {
  readonly name: string;
  readonly direction: 'higher' | 'lower';
  readonly values: readonly (MetricValue | null)[];
}

export interface Paired {
  readonly run: string;
  readonly examples: number;
  /** Run minus baseline. */
  readonly metrics: readonly MetricDifference[];
  readonly flips?: { readonly fixed: readonly Flip[]; readonly broken: readonly Flip[] };
  /** f1 of each class, or label. */
  readonly classes?: readonly {
    readonly class: string;
    readonly support: number;
    readonly was: number | null;
    readonly is: number | null;
  }[];
  /** `classes` are labels. */
  readonly labels?: true;
}

export interface Refused {
  readonly run: string;
  readonly refused: string;
}

/** An example that one run gets right and the other wrong. */
export interface Flip {
  readonly id: string;
  readonly truth: string;
  readonly was: string;
  readonly is: string;
}

export interface Verdict {
  readonly run: string;
  readonly verdict: 'better' | 'worse' | 'no difference shown' | 'refused';
  readonly reason?: string;
  readonly metric?: string;
  readonly test?: MetricDifference['test'];
  /** Corrected for the number of comparisons. */
  readonly p?: number;
}
