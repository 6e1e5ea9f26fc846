import type { Node, NodeOf, OpName } from '../../../graph/index.ts';
import { sameShape } from '../../../graph/index.ts';
import { TYPES } from '../format/model.ts';
import { withBias } from './bias.ts';
import type { Lowering, Maker } from './lowering.ts';
import { beforeBroadcast, operands } from './operands.ts';

/** An operator of the same meaning that broadcasts by itself. */
export const pointwise =
  (operator: string) =>
  (low: Lowering, node: Node): string =>
    low.model.op(operator, operands(low, node));

/** x > 0 as a number: HardSigmoid = max(0, min(1, alpha x + beta)), five times as fast as comparing. */
export const step = (low: Lowering, node: NodeOf<'step'>): string => {
  const layout = low.layoutOf(node.id);
  // The step of relu(x) is that of x, and reading it lets x be overwritten.
  const relu = low.graph.nodes.find(
    (n) => n.op === 'relu' && n.inputs[0] === node.inputs[0] && n.id < node.id,
  );
  const source = relu && low.layoutOf(relu.id) === layout ? relu.id : node.inputs[0];
  const value = beforeBroadcast(low, source, node.shape.length, layout);
  const x = sameShape(value.shape, low.physical(node.shape, layout)) ? value.make() : low.get(source, layout);
  return low.model.op('HardSigmoid', [x], { alpha: { float: 3e38 }, beta: { float: 0 } });
};

export const add = (low: Lowering, node: NodeOf<'add'>): string | Maker =>
  withBias(low, node) ?? low.model.op('Add', operands(low, node));

export const cast = (low: Lowering, node: NodeOf<'cast'>): string =>
  low.model.op('Cast', operands(low, node), { to: TYPES[node.attrs.to] });

/** Operators that bear another name in ONNX but nothing else. */
export const names = {
  neg: 'Neg',
  abs: 'Abs',
  sign: 'Sign',
  exp: 'Exp',
  log: 'Log',
  sqrt: 'Sqrt',
  tanh: 'Tanh',
  sigmoid: 'Sigmoid',
  erf: 'Erf',
  relu: 'Relu',
  sub: 'Sub',
  mul: 'Mul',
  div: 'Div',
  maximum: 'Max',
  minimum: 'Min',
  greater: 'Greater',
  greater_equal: 'GreaterOrEqual',
  equal: 'Equal',
  select: 'Where',
} as const satisfies Partial<Record<OpName, string>>;
