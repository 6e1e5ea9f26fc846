import { sizeOf } from '../base/shape.ts';
import { taskOf } from '../catalog/tasks/index.ts';
import { compileProbe, type ProbedLayer } from '../compile/index.ts';
import type { NetworkConfig } from '../config/config.ts';
import type { Prepared } from '../data/index.ts';
import { inputsOfPlan, type Plan } from '../plan/index.ts';

const EXAMPLES = 256;
/** Numbers that all layers together give for the sample: memory, and the time to look at them. */
const MOST_VALUES = 4_000_000;

/** What the training thread runs once training is over; the main thread compiles it, as all plans. */
export interface ProbePlan {
  readonly plan: Plan;
  readonly layers: readonly ProbedLayer[];
  readonly weights: readonly string[];
  /** First values that files gave; initializers made the others. */
  readonly start?: readonly (readonly [string, Float32Array])[];
}

export function planProbe(config: NetworkConfig, plan: Plan, { target, train }: Prepared): ProbePlan {
  const inputs = inputsOfPlan(plan.data).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const widest = plan.layers.reduce((sum, { shape }) => sum + sizeOf(shape), inputs);
  const batch = Math.max(1, Math.min(EXAMPLES, train.count, Math.floor(MOST_VALUES / widest)));
  return compileProbe(config, plan, { y: taskOf(config.task).target.y(target) }, batch);
}
