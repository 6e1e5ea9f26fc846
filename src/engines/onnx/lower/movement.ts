import { type Dim, type Dims, fixed, isSymbolic, type NodeOf, product } from '../../../graph/index.ts';
import { axisOf, type Layout, permuted, TO_NCHW } from './layout.ts';
import type { Lowering, Maker } from './lowering.ts';
import { beforeBroadcast } from './operands.ts';

export const reshape = (low: Lowering, node: NodeOf<'reshape'>): string =>
  low.reshape(low.get(node.inputs[0]), node.shape);

export const transpose = (low: Lowering, node: NodeOf<'transpose'>): string =>
  low.permute(low.get(node.inputs[0]), low.input(node, 0).shape, node.attrs.permutation);

/** Only made where a reader can't repeat by itself. */
export const broadcast =
  (low: Lowering, node: NodeOf<'broadcast'>): Maker =>
  (layout) => {
    const small = beforeBroadcast(low, node.id, node.shape.length, layout);
    return low.expand(small.make(), small.shape, low.physical(node.shape, layout));
  };

/** One number an axis, in the order in which the axes lie. */
const laid = <T>(values: readonly T[], layout: Layout): readonly T[] =>
  layout === 'nchw' ? permuted(values, TO_NCHW) : values;

export const slice = (low: Lowering, node: NodeOf<'slice'>): string => {
  const layout = low.layoutOf(node.id);
  const { starts, limits, strides } = node.attrs;
  const sizes = low.physical(low.input(node, 0).shape, layout);
  const value = low.get(node.inputs[0], layout);
  return cut(low, value, sizes, laid(starts, layout), laid(limits, layout), laid(strides, layout));
};

/** Slice that names only those axes that lose something. */
export function cut(
  low: Lowering,
  value: string,
  sizes: Dims,
  starts: readonly number[],
  limits: Dims,
  strides: readonly number[],
): string {
  const axes = sizes
    .map((_, i) => i)
    .filter((i) => starts[i] !== 0 || limits[i] !== sizes[i] || strides[i] !== 1);
  if (axes.length === 0) return value;
  const { model } = low;
  const of = (values: Dims) => model.ints(permuted(values, axes).map(fixed));
  return model.op('Slice', [value, of(starts), of(limits), model.ints(axes), of(strides)]);
}

/**
 * Interior padding by way of an extra axis: [d] -> [d, 1] -> padded to [d, 1 + interior] -> [d (1 +
 * interior)], and its last `interior` elements cut off.
 */
export const pad = (low: Lowering, node: NodeOf<'pad'>): string => {
  const { model } = low;
  const layout = low.layoutOf(node.id);
  const lows = laid(node.attrs.low, layout);
  const highs = laid(node.attrs.high, layout);
  const interior = laid(node.attrs.interior, layout);
  let sizes = low.physical(low.input(node, 0).shape, layout);
  let value = low.get(node.inputs[0], layout);
  const fill =
    node.dtype === 'f32'
      ? model.float(node.attrs.value)
      : model.op('Cast', [model.float(node.attrs.value)], { to: node.dtype === 'i32' ? 6 : 9 });
  const padded = (from: string, before: readonly number[], after: readonly number[]) =>
    [...before, ...after].every((n) => n === 0)
      ? from
      : model.op('Pad', [from, model.ints([...before, ...after]), fill], { mode: 'constant' });
  if (interior.some((n) => n > 0)) {
    const split = sizes.flatMap((size): Dim[] => [size, 1]);
    const high = interior.flatMap((n) => [0, n]);
    value = padded(
      low.reshape(value, split),
      split.map(() => 0),
      high,
    );
    const spread = sizes.map((size, i) => product([size, 1 + (interior[i] ?? 0)]));
    const limits = spread.map((size, i) => (isSymbolic(size) ? size : size - (interior[i] ?? 0)));
    value = cut(
      low,
      low.reshape(value, spread),
      spread,
      spread.map(() => 0),
      limits,
      spread.map(() => 1),
    );
    sizes = limits;
  }
  return padded(value, lows, highs);
};

export const concat = (low: Lowering, node: NodeOf<'concat'>): string => {
  const layout = low.layoutOf(node.id);
  return low.model.op(
    'Concat',
    node.inputs.map((id) => low.get(id, layout)),
    { axis: axisOf(node.attrs.axis, layout) },
  );
};

export const gather = (low: Lowering, node: NodeOf<'gather'>): string =>
  low.model.op('Gather', [low.get(node.inputs[0]), low.get(node.inputs[1])], { axis: 0 });

/**
 * ScatterElements, because the threads of ScatterND may add to one row at the same time, in any order. It
 * takes an index for each element: [k, rest].
 */
export const scatterAdd = (low: Lowering, node: NodeOf<'scatter_add'>): string => {
  const { model } = low;
  const index = low.input(node, 0);
  const count = product(index.shape);
  const rest = product(node.shape.slice(1));
  const rows = model.op('Cast', [low.reshape(low.get(index.id), [count, 1])], { to: 7 });
  const indices = low.expand(rows, [count, 1], [count, rest]);
  const updates = low.reshape(low.get(node.inputs[1]), [count, rest]);
  const zeros = low.filled([node.attrs.rows, rest], 0);
  const sums = model.op('ScatterElements', [zeros, indices, updates], { axis: 0, reduction: 'add' });
  return low.reshape(sums, node.shape);
};
