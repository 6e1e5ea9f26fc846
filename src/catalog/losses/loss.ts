import type { GraphBuilder, Node } from '../../graph/index.ts';
import type { Entry } from '../entry.ts';
import type { Tag } from '../tags.ts';

/**
 * Losses take the network's raw output (logits) unless `from_logits: false`. `y` is i32 `[batch]`
 * (class index) where the target is a class, else f32 `[batch, targets]`; labels are 0 and 1.
 */
export interface LossEntry<P> extends Entry<P> {
  /** Targets that it is for: any one of these. The task says how many units the last layer has then. */
  readonly needs: readonly Tag[];
  /** Loss of each example, `[batch]`. */
  examples(g: GraphBuilder, output: Node, y: Node, params: P): Node;
  /** What people and metrics see, `[batch, units]`: probabilities, a margin, or the value itself. */
  scores(g: GraphBuilder, output: Node, params: P): Node;
  /**
   * Where scores are probabilities: `[batch, units]` that they are the sigmoid (one unit) or the softmax of.
   * A calibration needs it.
   */
  logits?(g: GraphBuilder, output: Node, params: P): Node;
  /** Scores of classes are margins of any size; else they are probabilities. */
  readonly margins?: true;
  /** The loss of always giving the classes' shares is their entropy: true of a plain crossentropy. */
  entropy?(params: P): boolean;
  readonly decision: LossDecision;
}

/**
 * Scores to a prediction: the class with the largest score; class 1, or each label, where its score is at
 * least `threshold`; or the scores are the prediction.
 */
export type LossDecision =
  | { readonly kind: 'argmax' }
  | { readonly kind: 'threshold'; readonly at: number }
  | { readonly kind: 'value' };
