import type { GraphBuilder, Node } from '../../graph/index.ts';
import type { Task } from '../../protocol/target.ts';
import type { Counts } from './confusion.ts';

/** A split's predictions, gathered on the host. */
export interface Predictions {
  readonly task: Task;
  readonly count: number;
  readonly units: number;
  /** [count, units]; a single one of a class task belongs to the second of two classes. */
  readonly scores: Float32Array;
  /** Class and label tasks: the scores are margins of any size, not probabilities. */
  readonly margins?: boolean;
  /** Class index, or the targets [count, units]; labels are 0 and 1. */
  readonly truth: Int32Array | Float32Array;
  /** Class tasks: predicted class index; label tasks: 0 and 1 [count, units]. */
  readonly predicted?: Int32Array;
  readonly classes?: readonly string[];
  /** Label tasks: what each unit is for, and each label's truth against its prediction. */
  readonly labels?: readonly string[];
  readonly counts?: readonly Counts[];
  /** rows truth, columns prediction; class tasks. */
  readonly confusion?: readonly (readonly number[])[];
}

/** How often each example counts. */
export type Weights = ArrayLike<number>;

/** Where a metric's 95% interval comes from. */
export type IntervalSource =
  /** A share: Wilson's interval of successes among trials; null where it's no share here (a mean over classes). */
  | {
      readonly kind: 'proportion';
      counts(p: Predictions): readonly [number, number] | null;
      /** It reads scores; else the confusion matrix is enough. */
      readonly scores?: true;
    }
  /** A mean of values of single examples, `through` an increasing function: the bootstrap of that mean. */
  | { readonly kind: 'mean'; values(p: Predictions): Float64Array; through?(mean: number): number }
  /** The metric with weighted examples, after work that is done once (sorting): the bootstrap of examples. */
  | { readonly kind: 'rows'; under(p: Predictions): (weights: Weights) => number | null }
  /** No honest one is known. */
  | { readonly kind: 'none' };

/** A metric: definition, range, direction, when it applies; scikit-learn's names. */
export interface MetricEntry {
  readonly name: string;
  readonly help: string;
  readonly tasks: readonly Task[];
  /** It reads probabilities: it doesn't apply where a loss gives margins (hinge). */
  readonly probabilities?: true;
  /** It holds the scores of examples against each other, so that those of two models don't mix. */
  readonly ranks?: true;
  readonly direction: 'higher' | 'lower';
  readonly range: readonly [number, number];
  /** @returns null where it is undefined (nothing was predicted positive) */
  compute(p: Predictions): number | null;
  /** Of a share of right examples: whether example i is one. Two models then differ by McNemar's test. */
  readonly right?: (p: Predictions, i: number) => boolean;
  /** Left out: the bootstrap of the confusion matrix, or of the labels' counts. */
  readonly interval?: IntervalSource;
  /** Cheap running form inside the training step: the batch's mean, shape []. `predicted` is i32 [batch]; of labels [batch, units]. */
  readonly running?: (g: GraphBuilder, v: { scores: Node; predicted?: Node; y: Node }) => Node;
}
