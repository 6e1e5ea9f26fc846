import { type Dims, fixedShape, fourAxes, type NodeOf, perAxis, type ValueId } from '../../../graph/index.ts';
import { blockedConvolution, blockedInputGrad } from './blocked.ts';
import type { Lowering } from './lowering.ts';
import { cut } from './movement.ts';

type Pair = [rows: number, columns: number];

export const conv2d = (low: Lowering, node: NodeOf<'conv2d'>): string => convolve(low, node);

/** Conv in the layout planned for it, with a bias [o] if given. */
export function convolve(low: Lowering, node: NodeOf<'conv2d'>, bias?: string): string {
  const [x, w] = node.inputs;
  const { strides, padding, dilations } = node.attrs;
  if (low.layoutOf(node.id) === 'blocked') return blockedConvolution(low, node, pads(padding), bias);
  return low.model.op('Conv', [low.get(x, 'nchw'), kernel(low, w), ...(bias === undefined ? [] : [bias])], {
    kernel_shape: kernelSize(low, w),
    strides,
    dilations,
    pads: pads(padding),
  });
}

/** Height and width of a kernel. */
export const kernelSize = (low: Lowering, w: ValueId): readonly number[] =>
  fixedShape(low.node(w).shape).slice(0, 2);

/** [[top, bottom], [left, right]] -> ONNX' [top, left, bottom, right]. */
export const pads = ([[top, bottom], [left, right]]: NodeOf<'conv2d'>['attrs']['padding']) => [
  top,
  left,
  bottom,
  right,
];

/** [kh, kw, i, o] -> [o, i, kh, kw]. */
const kernel = (low: Lowering, w: ValueId): string =>
  low.once(`kernel ${w}`, () => low.permute(low.get(w), low.node(w).shape, [3, 2, 0, 1]));

/** [kh, kw, i, o] turned by 180 degrees. */
const turned = (low: Lowering, w: ValueId): string =>
  low.once(`turned ${w}`, () => {
    const { model } = low;
    const { shape } = low.node(w);
    const axes = [0, 1].filter((axis) => shape[axis] !== 1);
    if (axes.length === 0) return low.get(w);
    const ends = model.ints(axes.map(() => -1));
    const beyond = model.ints(axes.map(() => -(2 ** 31)));
    return model.op('Slice', [low.get(w), ends, beyond, model.ints(axes), ends]);
  });

/** [kh, kw, i, o] -> [i, o, kh, kw], turned by 180 degrees. */
const turnedKernel = (low: Lowering, w: ValueId): string =>
  low.once(`turned kernel ${w}`, () => low.permute(turned(low, w), low.node(w).shape, [2, 3, 0, 1]));

/**
 * dx from dy [n, o, oh, ow] and w: a transposed convolution, or with strides of 1 also a convolution of dy
 * with the turned kernel. Both cost what they unfold, kh·kw numbers a position for each channel of i in
 * the former and of o in the latter; a kernel of 1x1 needs no unfolding as a convolution.
 */
export function inputGrad(low: Lowering, node: NodeOf<'conv2d_input_grad'>): string {
  const [kh, kw, i, o] = fourAxes(fixedShape(low.input(node, 1).shape));
  if (low.layoutOf(node.id) === 'blocked') {
    const [before, after] = turnedPads(low, node);
    return blockedInputGrad(low, node, turned(low, node.inputs[1]), [...before, ...after]);
  }
  const plain = node.attrs.strides.every((s) => s === 1);
  return plain && (o <= i || kh * kw === 1) ? byTurnedKernel(low, node) : byTransposedConvolution(low, node);
}

/** How far the kernel's last tap lies from its first, in pixels. */
function reachOf(low: Lowering, node: NodeOf<'conv2d_input_grad'>): Pair {
  const kernel = fourAxes(fixedShape(low.input(node, 1).shape));
  return perAxis((axis) => node.attrs.dilations[axis] * (kernel[axis] - 1));
}

/** Height and width of [n, h, w, c]. */
function pixels(shape: Dims): Pair {
  const [, h, w] = fourAxes(shape);
  return [h, w];
}

/** dy is padded by the kernel's reach less the forward padding, before and after: [rows, columns]. */
function turnedPads(low: Lowering, node: NodeOf<'conv2d_input_grad'>): [before: Pair, after: Pair] {
  const [from, to] = [pixels(low.input(node, 0).shape), pixels(node.shape)];
  const reach = reachOf(low, node);
  const before = perAxis((axis) => reach[axis] - node.attrs.padding[axis][0]);
  const after = perAxis((axis) => to[axis] + reach[axis] - from[axis] - before[axis]);
  return [before, after];
}

/** Where the padding of dy is negative, it's cropped. */
function byTurnedKernel(low: Lowering, node: NodeOf<'conv2d_input_grad'>): string {
  const [dy, w] = node.inputs;
  const { dilations } = node.attrs;
  const [n, oh, ow, o] = fourAxes(low.node(dy).shape);
  const [before, after] = turnedPads(low, node);
  const cropped = cut(
    low,
    low.get(dy, 'nchw'),
    [n, o, oh, ow],
    [0, 0, ...before.map((p) => Math.max(0, -p))],
    [n, o, oh - Math.max(0, -after[0]), ow - Math.max(0, -after[1])],
    [1, 1, 1, 1],
  );
  return low.model.op('Conv', [cropped, turnedKernel(low, w)], {
    kernel_shape: kernelSize(low, w),
    dilations,
    pads: [...before, ...after].map((p) => Math.max(0, p)),
  });
}

function byTransposedConvolution(low: Lowering, node: NodeOf<'conv2d_input_grad'>): string {
  const [dy, w] = node.inputs;
  const { strides, padding, dilations } = node.attrs;
  const [from, to] = [pixels(low.node(dy).shape), pixels(node.shape)];
  const reach = reachOf(low, node);
  const missing = perAxis((axis) => {
    const [before, after] = padding[axis];
    return to[axis] - (strides[axis] * (from[axis] - 1) + reach[axis] + 1 - before - after);
  });
  return low.model.op('ConvTranspose', [low.get(dy, 'nchw'), kernel(low, w)], {
    kernel_shape: kernelSize(low, w),
    strides,
    dilations,
    pads: pads(padding),
    output_padding: missing,
  });
}

/**
 * dw as one convolution. Read x [n, h, w, i] as an image of n channels, h rows and w·i columns, and dy as
 * n groups of o filters of oh x ow taps, dilated by the forward strides (the columns by i times that, to
 * stay on a channel). The answer [n, o, rows, columns, i] has the taps of w as its positions, spaced by the
 * forward dilation; it's summed over n.
 */
export function weightGrad(low: Lowering, node: NodeOf<'conv2d_weight_grad'>): string {
  const { strides, padding, dilations } = node.attrs;
  const { model, block } = low;
  const [x, dy] = node.inputs;
  const [n, h, w, i] = fourAxes(fixedShape(low.node(x).shape));
  const [, oh, ow, o] = fourAxes(low.node(dy).shape);
  const [kh, kw] = fourAxes(fixedShape(node.shape));
  const [[top, bottom], [left, right]] = padding;
  const rows = h + top + bottom - strides[0] * (oh - 1);
  const columns = w + left + right - strides[1] * (ow - 1);
  // Blocked, an image has blocks of channels as its depth, and a block's channels lie beside each other.
  const blocked = block > 0 && i % block === 0;
  const [depth, inner] = blocked ? [i / block, block] : [1, i];
  const deep = <T>(values: readonly T[], value: T) => (blocked ? [value, ...values] : values);
  const image = low.reshape(low.get(x, blocked ? 'blocked' : 'logical'), [
    1,
    n,
    ...deep([h, w * inner], depth),
  ]);
  const filters = low.reshape(low.get(dy, 'nchw'), [n * o, 1, ...deep([oh, ow], 1)]);
  const parts = model.op('Conv', [image, filters], {
    kernel_shape: deep([oh, ow], 1),
    dilations: deep([strides[0], strides[1] * inner], 1),
    pads: [...deep([top, left * inner], 0), ...deep([bottom, right * inner], 0)],
    group: n,
  });
  const sum = model.op(
    'ReduceSum',
    [low.reshape(parts, [n, o * depth * rows * columns * inner]), model.ints([0])],
    {
      keepdims: 0,
    },
  );
  const sizes = [o, depth, rows, columns, inner];
  const taps = cut(
    low,
    low.reshape(sum, sizes),
    sizes,
    [0, 0, 0, 0, 0],
    [o, depth, dilations[0] * (kh - 1) + 1, dilations[1] * (kw - 1) + 1, inner],
    [1, 1, dilations[0], dilations[1], 1],
  );
  const ordered = low.permute(taps, [o, depth, kh, kw, inner], [2, 3, 1, 4, 0]);
  return low.reshape(ordered, node.shape);
}
