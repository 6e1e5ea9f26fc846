import { inOrder } from '../base/order.ts';
import type { Prepared } from '../data/index.ts';
import type { RunInputs } from '../engines/engine.ts';
import { invariant } from '../errors.ts';
import type { Plan } from '../plan/index.ts';
import { Batch } from './batches.ts';

/** Scalars of the step with this number as the plan states them, schedules aside. */
export const scalarsAt = (plan: Plan, counter: number): Record<string, number> =>
  Object.fromEntries(
    plan.scalars.map((s) => [s.name, s.kind === 'value' ? s.value : 1 - s.base ** (counter + 1)]),
  );

/** What the first training step of an unshuffled epoch gets. */
export function firstInputs(plan: Plan, data: Prepared): RunInputs {
  const { train } = plan.programs;
  invariant(train, 'the plan trains');
  const batch = new Batch(train.data);
  batch.load(data.train, inOrder(data.train.count), 0);
  return { data: batch.data, scalars: scalarsAt(plan, 0), counter: 0 };
}
