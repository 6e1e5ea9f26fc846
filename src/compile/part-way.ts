import type { Config } from '../config/config.ts';
import { type Graph, GraphBuilder, type Shape } from '../graph/index.ts';
import { forward } from './1-build.ts';
import { simplify } from './3-simplify.ts';
import { ProgramState, StateRegistry } from './registry.ts';

/**
 * The trained network from prepared `x` `[batch, ...shape]` up to one layer, which it gives as `output`; weights are inputs by name.
 * @param layer its place in `architecture`
 */
export function compilePartWay(config: Config, shape: Shape, layer: number, batch: number): Graph {
  const g = new GraphBuilder();
  const state = new ProgramState(g, new StateRegistry(), false);
  const x = g.input('x', [batch, ...shape]);
  const architecture = config.architecture.slice(0, layer + 1);
  g.output('output', forward({ ...config, architecture }, state, x).output);
  return simplify(g.finish());
}
