import * as z from 'zod';
import type { Node } from '../../graph/index.ts';
import { LEARNING_RATE } from '../../protocol/learning-rate.ts';
import { fraction, once } from '../fields.ts';
import { learningRate } from './learning-rate.ts';
import type { OptimizerEntry } from './optimizer.ts';

const schema = once(() =>
  z.strictObject({
    learning_rate: learningRate(0.01),
    momentum: fraction().default(0).describe('share of the previous step that is added to this one'),
    nesterov: z.boolean().default(false).describe('use Nesterov momentum'),
  }),
);

const none: Readonly<Record<string, Node>> = {};

/** Keras' form: v = momentum · v - rate · g; w += v, or with nesterov w += momentum · v - rate · g. */
export const sgd: OptimizerEntry<z.infer<ReturnType<typeof schema>>> = {
  name: 'sgd',
  help: 'stochastic gradient descent, optionally with momentum',
  get schema() {
    return schema();
  },
  slots: ({ momentum }) => (momentum === 0 ? [] : [{ name: 'momentum', start: 0 }]),
  scalars: () => [],
  update({ g, scalar }, weight, gradient, slots, { momentum, nesterov }) {
    const step = g.mul(gradient, scalar(LEARNING_RATE));
    if (momentum === 0) return { weight: g.sub(weight, step), slots: none };
    const velocity = g.sub(g.mul(slots.momentum!, momentum), step);
    const move = nesterov ? g.sub(g.mul(velocity, momentum), step) : velocity;
    return { weight: g.add(weight, move), slots: { momentum: velocity } };
  },
};
