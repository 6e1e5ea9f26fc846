import type { GraphBuilder, Node } from '../../graph/index.ts';
import type { Entry } from '../entry.ts';
import type { Tag } from '../tags.ts';

/**
 * Log-odds of the second of two classes `[count, 1]`, or numbers whose softmax the probabilities are `[count,
 * classes]`.
 */
export interface Logits {
  readonly values: Float32Array;
  readonly units: number;
}

/** A way to make probabilities say how often they are right; fitted on validation examples. */
export interface CalibrationEntry<P> extends Entry<P> {
  readonly needs: readonly Tag[];
  /**
   * The numbers that it learns.
   * @param truth class index of each example
   * @returns why there are none, where the examples don't tell them
   */
  fit(logits: Logits, truth: ArrayLike<number>, params: P): readonly number[] | { readonly open: string };
  /** Probabilities `[count, units]`, computed in float64. */
  apply(logits: Logits, learned: readonly number[]): Float32Array;
  /** Names of the numbers, in order. */
  readonly learns: readonly string[];
  /**
   * The same as graph nodes, each learned number an input of shape []; `[batch, units]` in and out, logits
   * again.
   */
  emit(g: GraphBuilder, logits: Node, learned: readonly Node[]): Node;
  /** The learned numbers that change nothing. */
  readonly neutral: readonly number[];
}
