import type { NodeOf } from '../../../graph/index.ts';
import { physicalAxis } from './layout.ts';
import type { Lowering } from './lowering.ts';

type Reduction = NodeOf<'reduce_sum'> | NodeOf<'reduce_max'>;

/** Reduces in the layout that the operand has; only what is left may need another order. */
const reduce =
  (operator: string) =>
  (low: Lowering, node: Reduction): string => {
    const source = low.input(node, 0);
    const layout = low.layouts[source.id];
    const axes = node.attrs.axes.map((axis) => physicalAxis(axis, layout)).sort((a, b) => a - b);
    const value = low.model.op(operator, [low.get(source.id, layout), low.model.ints(axes)], { keepdims: 0 });
    const left = source.shape.map((_, axis) => axis).filter((axis) => !node.attrs.axes.includes(axis));
    const order = left.map((axis) => physicalAxis(axis, layout));
    const ranks = [...order].sort((a, b) => a - b);
    const made = ranks.map((axis) => source.shape[left[order.indexOf(axis)]]);
    return low.permute(
      value,
      made,
      order.map((axis) => ranks.indexOf(axis)),
    );
  };
export const reduceSum = reduce('ReduceSum');
export const reduceMax = reduce('ReduceMax');

export const argmax = (low: Lowering, node: NodeOf<'argmax'>): string => {
  const index = low.model.op('ArgMax', [low.get(node.inputs[0])], {
    axis: node.attrs.axis,
    keepdims: 0,
    select_last_index: 0,
  });
  return low.model.op('Cast', [index], { to: 6 });
};
