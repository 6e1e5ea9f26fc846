import * as z from 'zod';
import { LEARNING_RATE } from '../../protocol/learning-rate.ts';
import { atLeastZero, once, positive } from '../fields.ts';
import { learningRate } from './learning-rate.ts';
import type { OptimizerEntry } from './optimizer.ts';

const schema = once(() =>
  z.strictObject({
    learning_rate: learningRate(0.001),
    initial_accumulator_value: atLeastZero().default(0.1).describe('initial value of the sum of squares'),
    epsilon: positive()
      .default(1e-7)
      .describe('small constant added to the sum of squares for numerical stability'),
  }),
);

/** a += g²; w -= rate · g / sqrt(a + epsilon): Duchi et al. 2011, epsilon inside the root as in Keras. */
export const adagrad: OptimizerEntry<z.infer<ReturnType<typeof schema>>> = {
  name: 'adagrad',
  help: 'steps divided by the sum of all squared gradients so far',
  get schema() {
    return schema();
  },
  slots: ({ initial_accumulator_value }) => [{ name: 'accumulator', start: initial_accumulator_value }],
  scalars: () => [],
  update({ g, scalar }, weight, gradient, slots, { epsilon }) {
    const accumulator = g.add(slots.accumulator!, g.square(gradient));
    const direction = g.div(gradient, g.sqrt(g.add(accumulator, epsilon)));
    return { weight: g.sub(weight, g.mul(direction, scalar(LEARNING_RATE))), slots: { accumulator } };
  },
};
