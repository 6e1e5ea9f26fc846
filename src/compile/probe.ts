import { item } from '../base/item.ts';
import type { NetworkConfig } from '../config/config.ts';
import { bind, differentiate, GraphBuilder, type OpName } from '../graph/index.ts';
import { inputsOfPlan, type Plan } from '../plan/index.ts';
import { dataNodes, dataSpecs, exampleLoss, forward, trainingLoss } from './1-build.ts';
import { simplify } from './3-simplify.ts';
import { schedule } from './4-schedule.ts';
import type { Target } from './compile-input.ts';
import { ProgramState, StateRegistry } from './registry.ts';

/** Functions whose outputs tell whether a unit still learns. */
const TELLING: readonly OpName[] = ['relu', 'tanh', 'sigmoid'];

export interface ProbedLayer {
  readonly layer: string;
  /** The primitive that made the output. */
  readonly op: OpName;
  /** Result of the program that holds it, the units last. */
  readonly result: string;
}

/**
 * A plan that looks at a trained network and changes nothing: for one batch, the outputs of hidden
 * activations and, for each weight, Σ g² of the loss's gradient. Its only program is called `evaluate`.
 */
export function compileProbe(
  config: NetworkConfig,
  plan: Plan,
  target: Target,
  batch: number,
): { plan: Plan; layers: ProbedLayer[]; weights: string[] } {
  const registry = new StateRegistry();
  const g = new GraphBuilder();
  const state = new ProgramState(g, registry, false);
  const data = dataSpecs(batch, inputsOfPlan(plan.data), target);
  const nodes = dataNodes(g, data);
  const { output, outputs } = forward(config, state, nodes.inputs);
  const loss = trainingLoss(state, exampleLoss(config, g, output, nodes.target));
  const weights = state.trained();
  const gradients = differentiate(
    g,
    loss,
    weights.map(({ node }) => node),
  );
  g.scope = 'probe';
  const layers = outputs.slice(0, -1).flatMap((node, i): ProbedLayer[] => {
    if (!TELLING.includes(node.op)) return [];
    const { name } = item(plan.layers, i);
    g.output(`activation:${name}`, node);
    return [{ layer: name, op: node.op, result: `activation:${name}` }];
  });
  weights.forEach(({ name }, i) => {
    g.output(`gradient:${name}`, g.sum(g.square(item(gradients, i))));
  });
  const graph = simplify(g.finish());
  const program = { name: 'evaluate' as const, batch, data, graph, ...schedule(bind(graph)) };
  return {
    plan: { ...plan, state: [...registry.specs.values()], scalars: [], programs: { evaluate: program } },
    layers,
    weights: weights.map(({ name }) => name),
  };
}
