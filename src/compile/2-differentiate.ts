import { item } from '../base/item.ts';
import { optimizers } from '../catalog/optimizers/index.ts';
import type { NetworkConfig } from '../config/config.ts';
import { differentiate, fixedShape, type GraphBuilder, type Node } from '../graph/index.ts';
import type { ScalarSpec } from '../plan/index.ts';
import { LEARNING_RATE } from '../protocol/learning-rate.ts';
import type { ProgramState } from './registry.ts';

/** The numbers that are bound before each step, in the order of the optimizer's formulas. */
export function scalarSpecs(config: NetworkConfig): ScalarSpec[] {
  const entry = optimizers.get(config.optimizer.type)!;
  return [
    { name: LEARNING_RATE, kind: 'value', value: config.optimizer.learning_rate },
    ...entry
      .scalars(config.optimizer as never)
      .map(({ name, base }) => ({ name, kind: 'one_minus_power' as const, base })),
  ];
}

/** ‖v‖ of the tensors together, guarded so that 0/0 can't arise. */
const norm = (g: GraphBuilder, values: readonly Node[]): Node =>
  g.sqrt(values.map((v) => g.sum(g.square(v))).reduce((a, b) => g.add(a, b)));

/** v · min(1, limit / ‖·‖), Keras' clipping by norm. */
const limited = (g: GraphBuilder, v: Node, n: Node, limit: number): Node =>
  g.mul(v, g.div(g.scalar(limit), g.maximum(n, limit)));

function clip(config: NetworkConfig, g: GraphBuilder, gradients: readonly Node[]): readonly Node[] {
  const { clipnorm, clipvalue, global_clipnorm } = config.optimizer;
  g.scope = 'clip';
  let clipped = gradients;
  if (clipnorm !== null) clipped = clipped.map((v) => limited(g, v, norm(g, [v]), clipnorm));
  if (global_clipnorm !== null) {
    const all = norm(g, clipped);
    clipped = clipped.map((v) => limited(g, v, all, global_clipnorm));
  }
  if (clipvalue !== null) clipped = clipped.map((v) => g.maximum(g.minimum(v, clipvalue), -clipvalue));
  return clipped;
}

/** Adds the backward pass, the clipping and the optimizer's update of every weight to a train program. */
export function addUpdates(config: NetworkConfig, state: ProgramState, loss: Node): void {
  const { g } = state;
  const entry = optimizers.get(config.optimizer.type)!;
  const params = config.optimizer as never;
  const weights = state.trained();
  if (weights.length === 0) return;
  const gradients = clip(
    config,
    g,
    differentiate(
      g,
      loss,
      weights.map(({ node }) => node),
    ),
  );
  const scalars = new Map<string, Node>();
  const scalar = (name: string): Node => {
    if (!scalars.has(name)) scalars.set(name, g.input(name, []));
    return scalars.get(name)!;
  };
  gradients.forEach((gradient, i) => {
    const { name, node: weight } = item(weights, i);
    g.scope = `optimizer/${name}`;
    const slots: Record<string, Node> = {};
    for (const { name: slot, start } of entry.slots(params)) {
      slots[slot] = state.tensor({
        name: `optimizer/${slot}/${name}`,
        shape: fixedShape(weight.shape),
        role: 'optimizer',
        init: { type: 'constant', params: { value: start } },
      });
    }
    const updated = entry.update({ g, scalar }, weight, gradient, slots, params);
    state.next.set(name, updated.weight);
    for (const [slot, node] of Object.entries(updated.slots))
      state.next.set(`optimizer/${slot}/${name}`, node);
  });
  g.scope = '';
}
