import { join } from 'node:path';
import { streamKey, uniform } from '../../src/base/random.ts';
import { compilePlan, initialState } from '../../src/compile/index.ts';
import { loadConfig, networkOf } from '../../src/config/index.ts';
import type { RunInputs, State } from '../../src/engines/engine.ts';
import type { Plan } from '../../src/plan/index.ts';

export interface Model {
  readonly plan: Plan;
  readonly state: State;
  /** What the step with this number gets. */
  inputs(counter: number): RunInputs;
}

/** A config, compiled for images of MNIST's size; no data is read. */
export function compileModel(root: string, file: string, set: string[] = []): Model {
  const config = networkOf(loadConfig(join(root, file), { set }).config);
  const image = [28, 28, 1];
  const plan = compilePlan(config, {
    summary: {
      source: 'mnist',
      raw: image,
      shape: image,
      target: '10 classes',
      split: { train: 7000, validation: 0, test: 3000 },
      transforms: [],
    },
    target: { y: { shape: [], dtype: 'i32' } },
  });
  const { batch } = plan.programs.train!;
  const data = { x: digits(batch), y: Int32Array.from({ length: batch }, (_, i) => i % 10) };
  return {
    plan,
    state: initialState(plan),
    inputs: (counter) => ({
      data,
      scalars: Object.fromEntries(
        plan.scalars.map((s) => [s.name, s.kind === 'value' ? s.value : 1 - s.base ** (counter + 1)]),
      ),
      counter,
    }),
  };
}

/** Bright pixels in the middle, a constant background around, like a digit. */
function digits(count: number): Float32Array {
  const key = streamKey(7, 'digits');
  return Float32Array.from({ length: count * 784 }, (_, i) => {
    const [row, column] = [Math.floor((i % 784) / 28), i % 28];
    return row >= 6 && row < 22 && column >= 6 && column < 22 ? uniform(key, i) : 0;
  });
}
