import type { GraphBuilder, Node } from '../../graph/index.ts';
import type { PredictionForm, PredictionsOf } from '../../protocol/predictions.ts';

/** How often each example counts. */
export type Weights = ArrayLike<number>;

/** Where a metric's 95% interval comes from. */
export type IntervalSource<F extends PredictionForm = PredictionForm> =
  /**
   * A share: Wilson's interval of successes among trials; null where it's no share here (a mean over
   * classes).
   */
  | {
      readonly kind: 'proportion';
      counts(p: PredictionsOf<F>): readonly [number, number] | null;
      /** It reads scores; else the confusion matrix is enough. */
      readonly scores?: true;
    }
  /** A mean of values of single examples, `through` an increasing function: the bootstrap of that mean. */
  | { readonly kind: 'mean'; values(p: PredictionsOf<F>): Float64Array; through?(mean: number): number }
  /** The metric with weighted examples, after work that is done once (sorting): the bootstrap of examples. */
  | { readonly kind: 'rows'; under(p: PredictionsOf<F>): (weights: Weights) => number | null }
  /** No honest one is known. */
  | { readonly kind: 'none' };

/** A metric: definition, range, direction, when it applies; scikit-learn's names. */
export interface MetricEntry<F extends PredictionForm = PredictionForm> {
  readonly name: string;
  readonly help: string;
  /** It is computed of predictions of any one of these forms. */
  readonly needs: readonly F[];
  /** It reads probabilities: it doesn't apply where a loss gives margins (hinge). */
  readonly probabilities?: true;
  /** It holds the scores of examples against each other, so that those of two models don't mix. */
  readonly ranks?: true;
  readonly direction: 'higher' | 'lower';
  readonly range: readonly [number, number];
  /** @returns null where it is undefined (nothing was predicted positive) */
  compute(p: PredictionsOf<F>): number | null;
  /** Of a share of right examples: whether example i is one. Two models then differ by McNemar's test. */
  right?(p: PredictionsOf<F>, i: number): boolean;
  /** Left out: the bootstrap of the confusion matrix, or of the labels' counts. */
  readonly interval?: IntervalSource<F>;
  /**
   * Cheap running form inside the training step: the batch's mean, shape []. `predicted` is i32 [batch]; of
   * labels [batch, units].
   */
  readonly running?: (g: GraphBuilder, v: { scores: Node; predicted?: Node; y: Node }) => Node;
}
