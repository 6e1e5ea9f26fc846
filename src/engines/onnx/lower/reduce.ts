import { type Dims, fixedShape, fourAxes, type NodeOf } from '../../../graph/index.ts';
import { axisOf, permuted, physicalAxes } from './layout.ts';
import type { Lowering } from './lowering.ts';

type Reduction = NodeOf<'reduce_sum'> | NodeOf<'reduce_max'>;

/** Reduces in the layout that the operand has; only what is left may need another order. */
const reduce =
  (operator: string) =>
  (low: Lowering, node: Reduction): string => {
    const source = low.input(node, 0);
    const left = source.shape.map((_, axis) => axis).filter((axis) => !node.attrs.axes.includes(axis));
    // Blocked channels are two axes: nothing may come to stand between them.
    const own = low.layoutOf(source.id);
    const layout =
      own === 'blocked' && left.includes(3) && left.some((axis) => axis === 1 || axis === 2)
        ? 'logical'
        : own;
    const axes = node.attrs.axes.flatMap((axis) => physicalAxes(axis, layout)).sort((a, b) => a - b);
    if (layout === 'blocked' && left.length === 1 && left[0] === 3)
      return channelwise(low, operator, low.get(source.id, layout), source.shape);
    const value = low.model.op(operator, [low.get(source.id, layout), low.model.ints(axes)], { keepdims: 0 });
    const order = left.map((axis) => axisOf(axis, layout));
    const ranks = [...order].sort((a, b) => a - b);
    const made = permuted(
      source.shape,
      ranks.flatMap((axis) => left.slice(order.indexOf(axis), order.indexOf(axis) + 1)),
    );
    const joined = layout === 'blocked' && left.includes(3) ? low.reshape(value, made) : value;
    return low.permute(
      joined,
      made,
      order.map((axis) => ranks.indexOf(axis)),
    );
  };

/**
 * Blocked [n, c / block, h, w, block] -> [c]: over the pixels, then over the images. ONNX Runtime has a fast
 * loop for each.
 */
function channelwise(low: Lowering, operator: string, value: string, shape: Dims): string {
  const [n, h, w, c] = fourAxes(fixedShape(shape));
  const over = (axis: number, of: string) =>
    low.model.op(operator, [of, low.model.ints([axis])], { keepdims: 0 });
  const pixels = over(1, low.reshape(value, [(n * c) / low.block, h * w, low.block]));
  return over(0, low.reshape(pixels, [n, c]));
}

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
