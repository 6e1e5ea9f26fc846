import type { GraphBuilder, Node } from '../../graph/index.ts';

/** Keras' fuzz factor: probabilities are kept this far from 0 and 1 before a logarithm. */
const FUZZ = 1e-7;

export const clipped = (g: GraphBuilder, p: Node): Node => g.minimum(g.maximum(p, FUZZ), 1 - FUZZ);

/** `[batch, 1]` -> `[batch]`. */
export const single = (g: GraphBuilder, output: Node): Node => g.reshape(output, [output.shape[0]!]);

/**
 * -Σ share · log p over the classes; `shares` `[batch, classes]` add up to 1. From logits as
 * log Σ exp(z) - Σ share · z, with z shifted by its maximum: one pass, and exp can't overflow.
 */
export function crossentropy(g: GraphBuilder, output: Node, shares: Node, fromLogits: boolean): Node {
  if (!fromLogits) return g.neg(g.sum(g.mul(shares, g.log(clipped(g, output))), [1]));
  const z = g.shifted(output);
  return g.sub(g.log(g.sum(g.exp(z), [1])), g.sum(g.mul(shares, z), [1]));
}
