import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { streamKey, uniform } from '../base/random.ts';
import { compilePlan, initialState } from '../compile/index.ts';
import { loadConfig, networkOf } from '../config/index.ts';
import type { RunInputs, State } from '../engines/engine.ts';
import { invariant } from '../errors.ts';
import { GraphBuilder } from '../graph/index.ts';
import type { Plan, ProgramName } from '../plan/index.ts';
import { scalarsAt } from './scalars.ts';

/** Something to compute that engines are compared by. */
export interface Workload {
  readonly name: string;
  readonly plan: Plan;
  readonly state: State;
  readonly program: ProgramName;
  readonly inputs: RunInputs;
  /** Floating-point operations of one run. */
  readonly flops: number;
}

const random = (count: number, stream: string): Float32Array => {
  const key = streamKey(1, stream);
  return Float32Array.from({ length: count }, (_, i) => uniform(key, i) - 0.5);
};

/** One product of two square matrices, one of them the plan's state. */
export function matmulWorkload(size = 512): Workload {
  const g = new GraphBuilder();
  const shape = [size, size];
  g.output('scores', g.matmul(g.input('x', shape, 'f32'), g.input('w', shape, 'f32')));
  const data = [{ name: 'x', role: 'input' as const, shape, dtype: 'f32' as const }];
  const init = { type: 'zeros', params: {} };
  const plan: Plan = {
    format: 1,
    name: 'matmul',
    seed: 1,
    data: {
      source: 'made up',
      raw: [size],
      shape: [size],
      target: 'none',
      split: { train: size, validation: 0, test: 0 },
      transforms: [],
    },
    layers: [],
    parameters: size * size,
    state: [{ name: 'w', shape, role: 'weight', init }],
    scalars: [],
    programs: {
      evaluate: { name: 'evaluate', batch: size, data, graph: g.finish(), steps: [], buffers: [] },
    },
  };
  return {
    name: `matmul ${size}³`,
    plan,
    state: new Map([['w', random(size * size, 'w')]]),
    program: 'evaluate',
    inputs: { data: { x: random(size * size, 'x') }, scalars: {}, counter: 0 },
    flops: 2 * size ** 3,
  };
}

/** configs/ is two folders up from the source and one from the bundle. */
function shipped(name: string): string {
  const at = ['../configs/', '../../configs/']
    .map((up) => fileURLToPath(new URL(up + name, import.meta.url)))
    .find(existsSync);
  invariant(at, `configs/${name} is part of the package`);
  return at;
}

/** A training step of a perceptron 784-128-10 with Adam on a batch of 128. */
export function stepWorkload(): Workload {
  const { config } = loadConfig(shipped('mnist-mlp.yaml'), {
    set: [
      'architecture=[flatten, { dense: { units: 128, activation: relu } }, { dense: { units: 10 } }]',
      'optimizer={ type: adam, learning_rate: 0.001 }',
      'training.batch_size=128',
    ],
  });
  const image = [28, 28, 1];
  const plan = compilePlan(networkOf(config), {
    summary: {
      source: 'made up',
      raw: image,
      shape: image,
      target: '10 classes',
      split: { train: 1280, validation: 0, test: 0 },
      transforms: [],
    },
    target: { y: { shape: [], dtype: 'i32' } },
  });
  const { batch, steps } = plan.programs.train!;
  const data = { x: random(batch * 784, 'x'), y: Int32Array.from({ length: batch }, (_, i) => i % 10) };
  return {
    name: 'training step',
    plan,
    state: initialState(plan),
    program: 'train',
    inputs: { data, scalars: scalarsAt(plan, 0), counter: 0 },
    flops: steps.reduce((sum, s) => sum + s.flops, 0),
  };
}
