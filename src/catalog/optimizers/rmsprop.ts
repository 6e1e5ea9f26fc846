import * as z from 'zod';
import { LEARNING_RATE } from '../../protocol/learning-rate.ts';
import { fraction, once, positive } from '../fields.ts';
import { learningRate } from './learning-rate.ts';
import type { OptimizerEntry } from './optimizer.ts';

const schema = once(() =>
  z.strictObject({
    learning_rate: learningRate(0.001),
    rho: fraction().default(0.9).describe('decay rate of the moving mean of squared gradients'),
    momentum: fraction().default(0).describe('share of the previous step that is added to this one'),
    epsilon: positive()
      .default(1e-7)
      .describe('small constant added to the mean square for numerical stability'),
    centered: z
      .boolean()
      .default(false)
      .describe('divide by the variance of the gradients instead of their mean square'),
  }),
);

/**
 * v = rho · v + (1 - rho) · g²; w -= rate · g / sqrt(v + epsilon): Hinton's lecture 6e, epsilon inside the
 * root as in Keras. Centered: v - a² in place of v, a = rho · a + (1 - rho) · g: Graves 2013.
 *
 * The averages are kept divided by 1 - rho, V = rho · V + g², which saves a product for each weight; the rate
 * and epsilon make up for it: rate / sqrt(1 - rho) and epsilon / (1 - rho).
 */
export const rmsprop: OptimizerEntry<z.infer<ReturnType<typeof schema>>> = {
  name: 'rmsprop',
  help: "steps divided by a moving mean of the gradient's size",
  get schema() {
    return schema();
  },
  slots: ({ momentum, centered }) => [
    { name: 'velocity', start: 0 },
    ...(centered ? [{ name: 'average', start: 0 }] : []),
    ...(momentum > 0 ? [{ name: 'momentum', start: 0 }] : []),
  ],
  scalars: () => [],
  update({ g, scalar }, weight, gradient, slots, { rho, momentum, epsilon, centered }) {
    const next: Record<string, typeof weight> = {};
    next.velocity = g.add(g.mul(slots.velocity!, rho), g.square(gradient));
    let spread = next.velocity;
    if (centered) {
      next.average = g.add(g.mul(slots.average!, rho), gradient);
      spread = g.sub(spread, g.mul(g.square(next.average), 1 - rho));
    }
    const rate = g.mul(scalar(LEARNING_RATE), 1 / Math.sqrt(1 - rho));
    let step = g.mul(g.div(gradient, g.sqrt(g.add(spread, epsilon / (1 - rho)))), rate);
    if (momentum > 0) {
      step = g.add(g.mul(slots.momentum!, momentum), step);
      next.momentum = step;
    }
    return { weight: g.sub(weight, step), slots: next };
  },
};
