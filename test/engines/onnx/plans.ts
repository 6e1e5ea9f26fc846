import { streamKey, uniform } from '../../../src/base/random.ts';
import type { Shape } from '../../../src/base/shape.ts';
import { sizeOf } from '../../../src/base/shape.ts';
import type { Graph } from '../../../src/graph/index.ts';
import { GraphBuilder } from '../../../src/graph/index.ts';
import type { Plan, ProgramName, StateSpec } from '../../../src/plan/index.ts';

/** A plan of bare graphs, as far as an engine looks at it. */
export function planOf(
  graphs: Partial<Record<ProgramName, Graph>>,
  state: Record<string, Shape> = {},
  scalars: readonly string[] = [],
): Plan {
  return {
    format: 1,
    name: 'test',
    seed: 11,
    data: {
      source: 'inline',
      raw: [],
      shape: [],
      target: '',
      split: { train: 0, validation: 0, test: 0 },
      transforms: [],
    },
    layers: [],
    parameters: 0,
    state: Object.entries(state).map(
      ([name, shape]): StateSpec => ({ name, shape, role: 'weight', init: { type: 'zeros', params: {} } }),
    ),
    scalars: scalars.map((name) => ({ name, kind: 'value', value: 0 })),
    programs: Object.fromEntries(
      Object.entries(graphs).map(([name, graph]) => [
        name,
        { name: name as ProgramName, batch: 1, data: [], graph, steps: [], buffers: [] },
      ]),
    ),
  };
}

export function graphOf(build: (g: GraphBuilder) => void): Graph {
  const g = new GraphBuilder();
  build(g);
  return g.finish();
}

/** Numbers in [-0.5, 0.5), the same for the same name. */
export function drawn(name: string, shape: Shape): Float32Array {
  const key = streamKey(5, name);
  return Float32Array.from({ length: sizeOf(shape) }, (_, i) => uniform(key, i) - 0.5);
}

/** Largest difference, relative to the largest expected number. */
export function difference(got: ArrayLike<number>, want: ArrayLike<number>): number {
  let [error, scale] = [got.length === want.length ? 0 : Number.POSITIVE_INFINITY, 0];
  for (let i = 0; i < want.length; i++) {
    error = Math.max(error, Math.abs(got[i]! - want[i]!));
    scale = Math.max(scale, Math.abs(want[i]!));
  }
  return scale === 0 ? error : error / scale;
}
