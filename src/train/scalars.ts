import { invariant } from '../errors.ts';
import type { Plan } from '../plan/index.ts';

/**
 * What is bound before a step, by the names of the plan's scalars.
 * @param step from 0; bias corrections count it from 1, in float64
 * @param scheduled what a schedule says of this step; other values stay as the plan has them
 */
export function scalarsAt(
  plan: Pick<Plan, 'scalars'>,
  step: number,
  scheduled: Readonly<Record<string, number>> = {},
): Record<string, number> {
  const bound: Record<string, number> = {};
  for (const s of plan.scalars) bound[s.name] = s.kind === 'value' ? s.value : 1 - s.base ** (step + 1);
  for (const [name, value] of Object.entries(scheduled)) {
    invariant(name in bound, `the schedule changes ${name}, which the plan has no scalar for`);
    bound[name] = value;
  }
  return bound;
}
