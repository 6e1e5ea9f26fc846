import type { CheckedExpectation, Replicates, Spread } from '../../evaluate/index.ts';
import type { Result } from '../../protocol/result.ts';
import type { GroupBaselines } from './baselines.ts';

/**
 * `result.json` of a group; an interface that others read: only add to it. A kind may add fields of its own,
 * which it alone reads.
 */
export interface GroupResult {
  readonly format: 1;
  readonly kind: string;
  /** failed: some run was ended by an error; the metrics are of those that completed. */
  readonly status: Result['status'];
  /** How many completed, and how many there should be. */
  readonly completed: number;
  readonly runs: number;
  /** By split; `values` in the order of `members`, null where a run has none. */
  readonly metrics: Readonly<Partial<Record<Part, Readonly<Record<string, Replicates>>>>>;
  /** What the intervals are of, in words in `text`. */
  readonly interval: IntervalKind & { readonly text: string };
  readonly members: readonly MemberResult[];
  /**
   * The run that stands apart from the means: of folds beside a part that was set aside, the one that was
   * tested on it.
   */
  readonly final?: MemberResult & { readonly metrics?: Result['metrics'] };
  /** Where no row is in two test parts: what all of them together were taken for. */
  readonly confusion?: Result['confusion'];
  readonly per_class?: Result['per_class'];
  /** Whether something simpler would have done, on average. */
  readonly baselines?: GroupBaselines;
  /** Gates, held against the means. */
  readonly expectations?: readonly CheckedExpectation[];
  readonly engine?: Result['engine'];
  /** Of all runs together. */
  readonly seconds: number;
}

/**
 * Of folds whose predictions are there `out_of_fold`: `value` of test metrics is that of all predictions
 * together (of rankings, the mean over the folds by their examples). Else `value` is the mean.
 */
export type IntervalKind =
  | Spread
  | {
      readonly method: 'out_of_fold';
      readonly examples: number;
      /** Groups, or rows, that are independent of each other, where examples aren't. */
      readonly clusters?: number;
    };

export type Part = 'train' | 'validation' | 'test';

/** The part whose metrics matter most comes first. */
export const PARTS: readonly Part[] = ['test', 'validation', 'train'];

export interface MemberResult {
  /** `seed 43`. */
  readonly label: string;
  readonly run: string;
  /** Absent where it never began. */
  readonly status?: Result['status'] | 'died' | 'running';
  readonly seed?: number;
  readonly error?: { readonly code: string; readonly message: string };
}

/** The events of a group, besides those of its runs. */
export type GroupEvent =
  | {
      readonly type: 'group_started';
      readonly group: string;
      readonly kind: string;
      readonly runs: readonly string[];
    }
  | { readonly type: 'group_completed'; readonly group: string; readonly result: GroupResult };
