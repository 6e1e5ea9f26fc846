import * as z from 'zod';
import type { Node } from '../../graph/index.ts';
import { LEARNING_RATE } from '../../protocol/learning-rate.ts';
import { fraction, once, positive } from '../fields.ts';
import { learningRate } from './learning-rate.ts';
import type { OptimizerEntry, PowerScalar, UpdateContext } from './optimizer.ts';

/** What adam and adamw have in common. */
export const adamFields = () => ({
  learning_rate: learningRate(0.001),
  beta_1: fraction().default(0.9).describe('decay rate of the moving mean of gradients'),
  beta_2: fraction().default(0.999).describe('decay rate of the moving mean of squared gradients'),
  epsilon: positive()
    .default(1e-7)
    .describe('small constant added to the root of the mean square for numerical stability'),
});
const schema = once(() => z.strictObject(adamFields()));
type AdamParams = z.infer<ReturnType<typeof schema>>;

const BIAS_CORRECTION_1 = 'optimizer.bias_correction_1';
const BIAS_CORRECTION_2 = 'optimizer.bias_correction_2';

export const adamSlots = [
  { name: 'm', start: 0 },
  { name: 'v', start: 0 },
] as const;

export const adamScalars = ({ beta_1, beta_2 }: AdamParams): PowerScalar[] => [
  { name: BIAS_CORRECTION_1, base: beta_1 },
  { name: BIAS_CORRECTION_2, base: beta_2 },
];

/**
 * Adam's step, Kingma and Ba 2015 in Keras' form (epsilon outside the corrected root):
 *   m = b1 · m + (1 - b1) · g, v = b2 · v + (1 - b2) · g²
 *   step = rate · sqrt(1 - b2^t) / (1 - b1^t) · m / (sqrt(v) + epsilon)
 *
 * The moments are kept divided by 1 - b1 and 1 - b2 (M = b1 · M + g, V = b2 · V + g²), which saves two
 * products for each weight; (1 - b1) / sqrt(1 - b2) goes into the rate, 1 / sqrt(1 - b2) into epsilon. All
 * factors of the rate are numbers and meet before they touch a tensor.
 */
export function adamStep(
  { g, scalar }: UpdateContext,
  gradient: Node,
  slots: Readonly<Record<string, Node>>,
  { beta_1, beta_2, epsilon }: AdamParams,
): { step: Node; slots: { m: Node; v: Node } } {
  const m = g.add(g.mul(slots.m!, beta_1), gradient);
  const v = g.add(g.mul(slots.v!, beta_2), g.square(gradient));
  const root = Math.sqrt(1 - beta_2);
  const correction = g.div(g.sqrt(scalar(BIAS_CORRECTION_2)), scalar(BIAS_CORRECTION_1));
  const rate = g.mul(g.mul(scalar(LEARNING_RATE), (1 - beta_1) / root), correction);
  const direction = g.div(m, g.add(g.sqrt(v), epsilon / root));
  return { step: g.mul(direction, rate), slots: { m, v } };
}

export const adam: OptimizerEntry<AdamParams> = {
  name: 'adam',
  help: "momentum, and steps divided by a moving mean of the gradient's size",
  get schema() {
    return schema();
  },
  slots: () => adamSlots,
  scalars: adamScalars,
  update(ctx, weight, gradient, slots, params) {
    const next = adamStep(ctx, gradient, slots, params);
    return { weight: ctx.g.sub(weight, next.step), slots: next.slots };
  },
};
