import { TARGET, WEIGHT } from '../base/examples.ts';
import { item } from '../base/item.ts';
import type { Shape } from '../base/shape.ts';
import { sizeOf } from '../base/shape.ts';
import { layers as layerCatalog } from '../catalog/layers/index.ts';
import { exampleShape } from '../catalog/layers/misfits.ts';
import { inputNames, isChain, wire } from '../catalog/layers/wiring.ts';
import { losses } from '../catalog/losses/index.ts';
import { metrics as metricCatalog } from '../catalog/metrics/index.ts';
import { taskOf } from '../catalog/tasks/index.ts';
import type { NetworkConfig } from '../config/config.ts';
import { invariant } from '../errors.ts';
import type { GraphBuilder, Node } from '../graph/index.ts';
import type { DataSpec, LayerSummary } from '../plan/index.ts';
import type { Target } from './compile-input.ts';
import type { ProgramState, StateRegistry } from './registry.ts';

/** The inputs of a network by their names, each with the batch axis first. */
export type Inputs = ReadonlyMap<string, Node>;

/**
 * The forward pass: the nodes of each layer, in order. Gives the network's raw output `[batch, units]` and
 * that of each layer.
 * @throws Misfit where a node's inputs can't be found
 */
export function forward(
  config: NetworkConfig,
  state: ProgramState,
  inputs: Inputs,
): { output: Node; outputs: Node[] } {
  const { names, wires, problems } = wire(config.architecture, [...inputs.keys()]);
  if (problems[0]) throw problems[0].misfit;
  const fields = [...inputs.values()];
  const outputs: Node[] = [];
  config.architecture.forEach((layer, i) => {
    const entry = layerCatalog.get(layer.type);
    invariant(entry, `layer ${layer.type} passed validation`);
    const name = item(names, i);
    const read = item(wires, i).map((one) =>
      'field' in one ? item(fields, one.field) : item(outputs, one.node),
    );
    state.g.scope = name;
    outputs.push(entry.apply(state.layer(name, layer['trainable'] !== false), read, layer as never));
  });
  state.g.scope = '';
  return { output: outputs.at(-1)!, outputs };
}

export const dataSpecs = (
  batch: number,
  inputs: readonly { readonly name: string; readonly shape: Shape }[],
  target: Target,
  weighted = false,
): DataSpec[] => [
  ...inputs.map(
    ({ name, shape }): DataSpec => ({ name, role: 'input', shape: [batch, ...shape], dtype: 'f32' }),
  ),
  { name: TARGET, role: 'target', shape: [batch, ...target.y.shape], dtype: target.y.dtype },
  ...(weighted ? [{ name: WEIGHT, role: 'weight', shape: [batch], dtype: 'f32' } as const] : []),
];

/** The nodes of a program's data by what they are for. */
export interface DataNodes {
  readonly inputs: Inputs;
  readonly target: Node;
  readonly weight?: Node;
}

export function dataNodes(g: GraphBuilder, data: readonly DataSpec[]): DataNodes {
  const nodes = data.map(({ name, role, shape, dtype }) => ({
    name,
    role,
    node: g.input(name, shape, dtype),
  }));
  const one = (wanted: DataSpec['role']) => nodes.find(({ role }) => role === wanted)?.node;
  const target = one('target');
  invariant(target, 'a program that has a loss reads a target');
  const weight = one('weight');
  return {
    inputs: new Map(nodes.filter(({ role }) => role === 'input').map(({ name, node }) => [name, node])),
    target,
    ...(weight && { weight }),
  };
}

export interface Scored {
  readonly scores: Node;
  /** Class tasks: i32 `[batch]`; labels: 0 and 1 `[batch, units]`. */
  readonly predicted?: Node;
}

/** Scores and, for classes, the prediction, as the loss defines them. */
export function scored(config: NetworkConfig, g: GraphBuilder, output: Node): Scored {
  const loss = losses.get(config.loss.type)!;
  g.scope = 'scores';
  const scores = loss.scores(g, output, config.loss as never);
  return { scores, predicted: taskOf(config.task).decide(g, scores, loss.decision) };
}

/** Loss of each example, without the penalties of regularizers. */
export function exampleLoss(config: NetworkConfig, g: GraphBuilder, output: Node, y: Node): Node {
  g.scope = 'loss';
  return losses.get(config.loss.type)!.examples(g, output, y, config.loss as never);
}

/**
 * The batch's mean loss plus the penalties: what training descends.
 * @param weight of each example `[batch]`; the weighted sum is divided by the batch size, as in Keras
 */
export function trainingLoss(state: ProgramState, examples: Node, weight?: Node): Node {
  const { g } = state;
  g.scope = 'loss';
  let loss = g.mean(weight ? g.mul(examples, weight) : examples);
  for (const { weight, regularizer } of state.penalties) {
    if (regularizer.l1 > 0) loss = g.add(loss, g.mul(g.sum(g.abs(weight)), regularizer.l1));
    if (regularizer.l2 > 0) loss = g.add(loss, g.mul(g.sum(g.square(weight)), regularizer.l2));
  }
  return loss;
}

/** Running metrics of the step: those of the config's that have a cheap form in the graph. */
export function runningMetrics(
  config: NetworkConfig,
  g: GraphBuilder,
  values: Scored & { y: Node },
): Map<string, Node> {
  const nodes = new Map<string, Node>();
  g.scope = 'metrics';
  for (const name of config.evaluation.metrics) {
    const entry = metricCatalog.get(name);
    if (entry?.running) nodes.set(name, entry.running(g, values));
  }
  return nodes;
}

export function summarizeLayers(
  config: NetworkConfig,
  fields: readonly string[],
  outputs: readonly Node[],
  registry: StateRegistry,
): LayerSummary[] {
  const wiring = wire(config.architecture, fields);
  const { names } = wiring;
  const graph = !isChain(wiring);
  return config.architecture.map((layer, i) => ({
    name: item(names, i),
    type: layer.type,
    ...(graph && { inputs: inputNames(wiring, fields, i) }),
    shape: exampleShape(item(outputs, i)),
    parameters: registry
      .weights()
      .filter((w) => w.name.startsWith(`${item(names, i)}/`))
      .reduce((sum, w) => sum + sizeOf(w.shape), 0),
  }));
}
