import { examplesPerEpoch, type Plan } from '../plan/index.ts';

/**
 * What budgets assume; never measured, so that what a run keeps doesn't depend on how busy its machine is.
 */
const ENGINE_FLOPS = 6e10;
const STEP_SECONDS = 3e-4;
const START_SECONDS = 2;

/** Seconds that this run's training takes, roughly. */
export function expectedSeconds({ programs, data }: Plan, epochs: number): number {
  const { batch, steps } = programs.train!;
  const flops = steps.reduce((sum, step) => sum + step.flops, 0);
  const count = Math.ceil(examplesPerEpoch(data) / batch) * epochs;
  return START_SECONDS + count * Math.max(STEP_SECONDS, flops / ENGINE_FLOPS);
}
