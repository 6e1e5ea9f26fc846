import type { FieldRole } from '../../src/base/examples.ts';
import type { State } from '../../src/engines/engine.ts';
import { differentiate, type Graph, GraphBuilder, type Node, verify } from '../../src/graph/index.ts';
import type { DataSpec, DataSummary, Plan, Program, ProgramName, StateSpec } from '../../src/plan/index.ts';
import type { Case } from './primitives.ts';

const roles: Readonly<Record<string, FieldRole | undefined>> = { x: 'input', y: 'target' };

/** An unscheduled program: the contract is about what a graph means, not about steps and buffers. */
function program(name: ProgramName, batch: number, graph: Graph): Program {
  verify(graph);
  const data = graph.nodes.flatMap((node): DataSpec[] => {
    if (node.op !== 'input') return [];
    const { name: input } = node.attrs;
    const role = roles[input];
    return role ? [{ name: input, role, shape: node.shape, dtype: node.dtype }] : [];
  });
  return { name, batch, data, graph, steps: [], buffers: [] };
}
const noData: DataSummary = {
  source: 'none',
  raw: [],
  shape: [],
  target: 'none',
  split: { train: 0, validation: 0, test: 0 },
  transforms: [],
};
const stateSpec = (name: string, shape: readonly number[]): StateSpec => ({
  name,
  shape,
  role: name.startsWith('optimizer/') ? 'optimizer' : 'weight',
  init: { type: 'zeros', params: {} },
});

/** One primitive as an `evaluate` program with the result `scores`. */
export function primitivePlan({ name, operands, build }: Case): Plan {
  const g = new GraphBuilder();
  const nodes: Record<string, Node> = {};
  for (const [operand, { shape, values }] of Object.entries(operands)) {
    nodes[operand] = g.input(operand, shape, values instanceof Int32Array ? 'i32' : 'f32');
  }
  g.output('scores', build(g, nodes));
  const state = Object.entries(operands).flatMap(([operand, { shape }]) =>
    operand === 'x' || operand === 'y' ? [] : [stateSpec(operand, shape)],
  );
  return {
    format: 1,
    name,
    seed: 5,
    data: noData,
    layers: [],
    parameters: 0,
    state,
    scalars: [],
    programs: { evaluate: program('evaluate', 1, g.finish()) },
  };
}

const sizes = { features: 5, hidden: 6, classes: 3 };
const weights: readonly StateSpec[] = [
  stateSpec('dense_1/kernel', [sizes.features, sizes.hidden]),
  stateSpec('dense_1/bias', [sizes.hidden]),
  stateSpec('dense_2/kernel', [sizes.hidden, sizes.classes]),
];

/** Dropout between two dense layers; `[batch, classes]` logits and `[batch]` cross-entropies. */
function classifier(g: GraphBuilder, batch: number, training: boolean) {
  const [x, y] = [g.input('x', [batch, sizes.features]), g.input('y', [batch], 'i32')];
  const [w1, b1, w2] = weights.map(({ name, shape }) => g.input(name, shape)) as [Node, Node, Node];
  const hidden = g.tanh(g.add(g.matmul(x, w1), b1));
  const kept = training ? g.mul(hidden, g.randomMask('dropout/dropout_1', 0.25, hidden.shape)) : hidden;
  const logits = g.matmul(kept, w2);
  const losses = g.neg(g.sum(g.mul(g.logSoftmax(logits), g.oneHot(y, sizes.classes)), [1]));
  return { wrt: [w1, b1, w2], logits, losses };
}

/** One step of gradient descent with momentum: m' = momentum·m + dw, w' = w - learning_rate·m'. */
function trainGraph(batch: number): Graph {
  const g = new GraphBuilder();
  const { wrt, losses } = classifier(g, batch, true);
  const loss = g.mean(losses);
  const [rate, momentum] = [g.input('optimizer.learning_rate', []), g.input('optimizer.momentum', [])];
  g.output('loss', loss);
  differentiate(g, loss, wrt).forEach((gradient, i) => {
    const { name, shape } = weights[i]!;
    const velocity = g.add(g.mul(g.input(`optimizer/m/${name}`, shape), momentum), gradient);
    g.output(`optimizer/m/${name}`, velocity);
    g.output(name, g.sub(wrt[i]!, g.mul(velocity, rate)));
  });
  return g.finish();
}

function evaluateGraphOf(batch: number): Graph {
  const g = new GraphBuilder();
  const { logits, losses } = classifier(g, batch, false);
  g.output('scores', logits);
  g.output('example_loss', losses);
  return g.finish();
}

/** Trains in batches of 4 with a tail of 3, evaluates 4. */
export const trainingPlan: Plan = {
  format: 1,
  name: 'contract',
  seed: 12345,
  data: noData,
  layers: [],
  parameters: 54,
  state: [...weights, ...weights.map(({ name, shape }) => stateSpec(`optimizer/m/${name}`, shape))],
  scalars: [
    { name: 'optimizer.learning_rate', kind: 'value', value: 0.1 },
    { name: 'optimizer.momentum', kind: 'value', value: 0.9 },
  ],
  programs: {
    train: program('train', 4, trainGraph(4)),
    train_tail: program('train_tail', 3, trainGraph(3)),
    evaluate: program('evaluate', 4, evaluateGraphOf(4)),
  },
};

/** Named tensors of a case, apart from its data. */
export const stateOf = ({ operands }: Case): State =>
  new Map(
    Object.entries(operands)
      .filter(([name]) => name !== 'x' && name !== 'y')
      .map(([name, { values }]) => [name, Float32Array.from(values)]),
  );
