import { inOrder } from '../base/order.ts';
import type { Prepared } from '../data/index.ts';
import type { RunInputs } from '../engines/engine.ts';
import { invariant } from '../errors.ts';
import type { Plan } from '../plan/index.ts';
import { Batch } from './batches.ts';
import { scalarsAt } from './scalars.ts';

/** What the first training step of an unshuffled epoch gets. */
export function firstInputs(plan: Plan, data: Prepared): RunInputs {
  const { train } = plan.programs;
  invariant(train, 'the plan trains');
  const batch = new Batch(train.data);
  batch.load(data.train, inOrder(data.train.count), 0);
  return { data: batch.data, scalars: scalarsAt(plan, 0), counter: 0 };
}
