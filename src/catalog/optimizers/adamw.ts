import * as z from 'zod';
import { LEARNING_RATE } from '../../protocol/learning-rate.ts';
import { atLeastZero, once } from '../fields.ts';
import { adamFields, adamScalars, adamSlots, adamStep } from './adam.ts';
import type { OptimizerEntry } from './optimizer.ts';

const schema = once(() =>
  z.strictObject({
    ...adamFields(),
    weight_decay: atLeastZero()
      .default(0.004)
      .describe('fraction by which each weight shrinks in a step, times the learning rate'),
  }),
);

/**
 * Adam with w -= rate · decay · w beside its step instead of inside the gradient: Loshchilov and Hutter 2019.
 */
export const adamw: OptimizerEntry<z.infer<ReturnType<typeof schema>>> = {
  name: 'adamw',
  help: 'Adam with decoupled weight decay',
  get schema() {
    return schema();
  },
  slots: () => adamSlots,
  scalars: adamScalars,
  update(ctx, weight, gradient, slots, params) {
    const { g, scalar } = ctx;
    const next = adamStep(ctx, gradient, slots, params);
    const kept = g.sub(1, g.mul(scalar(LEARNING_RATE), params.weight_decay));
    return { weight: g.sub(g.mul(weight, kept), next.step), slots: next.slots };
  },
};
