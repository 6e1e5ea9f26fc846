import type { NodeOf, ValueId } from '../../../graph/index.ts';
import type { Lowering } from './lowering.ts';
import { cut } from './movement.ts';

export const conv2d = (low: Lowering, node: NodeOf<'conv2d'>): string => convolve(low, node);

/** Conv on NCHW, with a bias [o] if given. */
export function convolve(low: Lowering, { inputs, attrs }: NodeOf<'conv2d'>, bias?: string): string {
  const [x, w] = inputs;
  const { strides, padding, dilations } = attrs;
  return low.model.op('Conv', [low.get(x, 'nchw'), kernel(low, w), ...(bias === undefined ? [] : [bias])], {
    kernel_shape: low.node(w).shape.slice(0, 2),
    strides,
    dilations,
    pads: pads(padding),
  });
}

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

/** [kh, kw, i, o] -> [i, o, kh, kw], turned by 180 degrees. */
const turnedKernel = (low: Lowering, w: ValueId): string =>
  low.once(`turned kernel ${w}`, () => {
    const { model } = low;
    const { shape } = low.node(w);
    const axes = [0, 1].filter((axis) => shape[axis] > 1);
    const ends = model.ints(axes.map(() => -1));
    const turned =
      axes.length === 0
        ? low.get(w)
        : model.op('Slice', [
            low.get(w),
            ends,
            model.ints(axes.map(() => -(2 ** 31))),
            model.ints(axes),
            ends,
          ]);
    return low.permute(turned, shape, [2, 3, 0, 1]);
  });

/**
 * dx from dy [n, o, oh, ow] and w: a transposed convolution, or with strides of 1 also a convolution of dy
 * with the turned kernel. Both cost what they unfold, kh·kw numbers a position for each channel of i in
 * the former and of o in the latter; a kernel of 1x1 needs no unfolding as a convolution.
 */
export function inputGrad(low: Lowering, node: NodeOf<'conv2d_input_grad'>): string {
  const [kh, kw, i, o] = low.input(node, 1).shape;
  const plain = node.attrs.strides.every((s) => s === 1);
  return plain && (o <= i || kh * kw === 1) ? byTurnedKernel(low, node) : byTransposedConvolution(low, node);
}

/** How far the kernel's last tap lies from its first, in pixels. */
const reachOf = (low: Lowering, node: NodeOf<'conv2d_input_grad'>) =>
  [0, 1].map((axis) => node.attrs.dilations[axis] * (low.input(node, 1).shape[axis] - 1));

/** dy is padded by the kernel's reach less the forward padding; cropped where that is negative. */
function byTurnedKernel(low: Lowering, node: NodeOf<'conv2d_input_grad'>): string {
  const [dy, w] = node.inputs;
  const { padding, dilations, input } = node.attrs;
  const [n, oh, ow, o] = low.node(dy).shape;
  const reach = reachOf(low, node);
  const before = [0, 1].map((axis) => reach[axis] - padding[axis][0]);
  const after = [oh, ow].map((size, axis) => input[axis + 1] + reach[axis] - size - before[axis]);
  const cropped = cut(
    low,
    low.get(dy, 'nchw'),
    [n, o, oh, ow],
    [0, 0, ...before.map((p) => Math.max(0, -p))],
    [n, o, ...[oh, ow].map((size, axis) => size - Math.max(0, -after[axis]))],
    [1, 1, 1, 1],
  );
  return low.model.op('Conv', [cropped, turnedKernel(low, w)], {
    kernel_shape: low.node(w).shape.slice(0, 2),
    dilations,
    pads: [...before, ...after].map((p) => Math.max(0, p)),
  });
}

function byTransposedConvolution(low: Lowering, node: NodeOf<'conv2d_input_grad'>): string {
  const [dy, w] = node.inputs;
  const { strides, padding, dilations, input } = node.attrs;
  const [, oh, ow] = low.node(dy).shape;
  const reach = reachOf(low, node);
  const covered = [oh, ow].map(
    (size, axis) => strides[axis] * (size - 1) + reach[axis] + 1 - padding[axis][0] - padding[axis][1],
  );
  return low.model.op('ConvTranspose', [low.get(dy, 'nchw'), kernel(low, w)], {
    kernel_shape: low.node(w).shape.slice(0, 2),
    strides,
    dilations,
    pads: pads(padding),
    output_padding: covered.map((size, axis) => input[axis + 1] - size),
  });
}

/**
 * dw as one convolution. Read x [n, h, w, i] as an image of n channels, h rows and w·i columns, and dy as
 * n groups of o filters of oh x ow taps, dilated by the forward strides (the columns by i times that, to
 * stay on a channel). The answer [n, o, rows, columns, i] has the taps of w as its positions, spaced by the
 * forward dilation; it's summed over n.
 */
export function weightGrad(low: Lowering, node: NodeOf<'conv2d_weight_grad'>): string {
  const { strides, padding, dilations, weight } = node.attrs;
  const [n, h, w, i] = low.input(node, 0).shape;
  const [, oh, ow, o] = low.input(node, 1).shape;
  const [kh, kw] = weight;
  const image = low.reshape(low.get(node.inputs[0], 'logical'), [1, n, h, w * i]);
  const filters = low.reshape(low.get(node.inputs[1], 'nchw'), [n * o, 1, oh, ow]);
  const [[top, bottom], [left, right]] = padding;
  const parts = low.model.op('Conv', [image, filters], {
    kernel_shape: [oh, ow],
    dilations: [strides[0], strides[1] * i],
    pads: [top, left * i, bottom, right * i],
    group: n,
  });
  const rows = h + top + bottom - strides[0] * (oh - 1);
  const columns = w + left + right - strides[1] * (ow - 1);
  const sum = low.model.op(
    'ReduceSum',
    [low.reshape(parts, [n, o * rows * columns * i]), low.model.ints([0])],
    {
      keepdims: 0,
    },
  );
  const taps = cut(
    low,
    low.reshape(sum, [o, rows, columns, i]),
    [o, rows, columns, i],
    [0, 0, 0, 0],
    [o, dilations[0] * (kh - 1) + 1, dilations[1] * (kw - 1) + 1, i],
    [1, dilations[0], dilations[1], 1],
  );
  return low.permute(taps, [o, kh, kw, i], [1, 2, 3, 0]);
}
