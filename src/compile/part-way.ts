import { item } from '../base/item.ts';
import type { Shape } from '../base/shape.ts';
import type { NetworkConfig } from '../config/config.ts';
import { type Graph, GraphBuilder } from '../graph/index.ts';
import { forward } from './1-build.ts';
import { simplify } from './3-simplify.ts';
import { ProgramState, StateRegistry } from './registry.ts';

/**
 * The trained network from its prepared inputs `[batch, ...shape]` up to the last of some layers. Outputs
 * are named by the layers' places in `architecture`; weights are inputs by name.
 */
export function compilePartWay(
  config: NetworkConfig,
  inputs: readonly { readonly name: string; readonly shape: Shape }[],
  layers: readonly number[],
  batch: number,
): Graph {
  const g = new GraphBuilder();
  const state = new ProgramState(g, new StateRegistry(), false);
  const nodes = inputs.map(({ name, shape }) => [name, g.input(name, [batch, ...shape])] as const);
  const architecture = config.architecture.slice(0, Math.max(...layers) + 1);
  const { outputs } = forward({ ...config, architecture }, state, new Map(nodes));
  for (const layer of layers) g.output(String(layer), item(outputs, layer));
  return simplify(g.finish());
}
