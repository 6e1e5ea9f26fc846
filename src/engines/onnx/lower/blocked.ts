import { fixedShape, fourAxes, type NodeOf, type Pool2dAttrs, type ValueId } from '../../../graph/index.ts';
import type { Lowering } from './lowering.ts';
import { packed, unpacked } from './reorder.ts';

/*
 * Forms on ONNX Runtime's blocked layout [n, c / block, h, w, block] (domain com.microsoft.nchwc; MLAS' nchwc
 * convolutions). ONNX Runtime brings it in by itself only where weights are constants; a graph may use it all
 * the same, but it is undocumented: the engine probes for it, checks it against the portable forms and lets
 * it be turned off.
 *
 * Its operators speak of [n, c, h, w] while memory is blocked; here values bear their five axes between them.
 */

const operand = (low: Lowering, id: ValueId): string =>
  packed(low, low.get(id, 'blocked'), low.node(id).shape);

/** Convolution, with a bias [o] if given. An input of fewer channels than a block is plain nchw. */
export function blockedConvolution(
  low: Lowering,
  node: NodeOf<'conv2d'>,
  pads: readonly number[],
  bias: string | undefined,
): string {
  const [x, w] = node.inputs;
  const { strides, dilations } = node.attrs;
  const few = fourAxes(low.node(x).shape)[3] < low.block;
  const inputs = [few ? low.get(x, 'nchw') : operand(low, x), blockedKernel(low, w)];
  const y = low.model.blocked('Conv', bias === undefined ? inputs : [...inputs, bias], {
    kernel_shape: fixedShape(low.node(w).shape).slice(0, 2),
    strides,
    dilations,
    pads,
  });
  return unpacked(low, y, node.shape);
}

/**
 * [kh, kw, i, o] -> [o / block, i / block, kh, kw, block of i, block of o]; of few channels [o / block, i,
 * kh, kw, block of o].
 */
const blockedKernel = (low: Lowering, w: ValueId): string =>
  low.once(`blocked kernel ${w}`, () => {
    const { block, model } = low;
    const [kh, kw, i, o] = fourAxes(fixedShape(low.node(w).shape));
    const few = i < block;
    const split = few ? [kh, kw, i, o / block, block] : [kh, kw, i / block, block, o / block, block];
    const perm = few ? [3, 2, 0, 1, 4] : [4, 2, 0, 1, 3, 5];
    return low.reshape(model.op('Transpose', [low.reshape(low.get(w), split)], { perm }), [o, i, kh, kw]);
  });

/** dx as a convolution of dy with the turned kernel [kh, kw, i, o], whose roles of i and o are swapped. */
export function blockedInputGrad(
  low: Lowering,
  node: NodeOf<'conv2d_input_grad'>,
  turned: string,
  pads: readonly number[],
): string {
  const { block, model } = low;
  const [kh, kw, i, o] = fourAxes(fixedShape(low.input(node, 1).shape));
  const split = low.reshape(turned, [kh, kw, i / block, block, o / block, block]);
  const kernel = low.reshape(model.op('Transpose', [split], { perm: [2, 4, 0, 1, 5, 3] }), [i, o, kh, kw]);
  const dx = model.blocked('Conv', [operand(low, node.inputs[0]), kernel], {
    kernel_shape: [kh, kw],
    dilations: node.attrs.dilations,
    pads,
  });
  return unpacked(low, dx, node.shape);
}

/** Windows side by side over the whole image. */
export function blockedMaxPool(low: Lowering, x: ValueId, { window }: Pool2dAttrs): string {
  const [n, h, w, c] = fourAxes(fixedShape(low.node(x).shape));
  return low.once(`blocked max pool ${x} ${window}`, () =>
    unpacked(low, pooled(low, operand(low, x), window), [n, h / window[0], w / window[1], c]),
  );
}

const pooled = (low: Lowering, value: string, window: readonly number[]): string =>
  low.model.blocked('MaxPool', [value], { kernel_shape: window, strides: window });

/**
 * Each dy to the first maximum of its window: where x equals the repeated maximum. Among several such places
 * the first in row-major order has the largest rank; the maximum of the ranks of a window, repeated, tells it
 * from the others.
 */
export function blockedMaxPoolGrad(low: Lowering, node: NodeOf<'max_pool2d_grad'>): string {
  const { model, block } = low;
  const [x, dy] = node.inputs;
  const [wh, ww] = node.attrs.window;
  const [n, h, w, c] = fourAxes(fixedShape(node.shape));
  const [images, oh, ow] = [(n * c) / block, h / wh, w / ww];
  const windows = (value: string) => low.reshape(value, [images, oh, wh, ow, ww, block]);
  // One number a window is repeated along a row by copying, over the rows by the operator that reads it:
  // faster than Upsample.
  const repeated = (value: string) => {
    const one = low.reshape(value, [images, oh, 1, ow, 1, block]);
    return ww === 1 ? one : model.op('Concat', Array<string>(ww).fill(one), { axis: 4 });
  };
  // 1 where a difference that is never positive is 0, else 0.
  const isZero = (difference: string) =>
    model.op('HardSigmoid', [difference], { alpha: { float: 3e38 }, beta: { float: 1 } });

  const maximum = repeated(blockedMaxPool(low, x, node.attrs));
  const largest = isZero(model.op('Sub', [windows(low.get(x, 'blocked')), maximum]));
  const ranks = low.once(`ranks ${h} ${w} ${node.attrs.window}`, () => {
    const data = Float32Array.from({ length: h * w * block }, (_, i) => {
      const pixel = Math.floor(i / block);
      return wh * ww - ((Math.floor(pixel / w) % wh) * ww + ((pixel % w) % ww));
    });
    return model.initializer(data, [oh, wh, ow, ww, block], 'f32');
  });
  const ranked = model.op('Mul', [largest, ranks]);
  const best = pooled(low, low.reshape(ranked, low.physical(node.shape, 'nchw')), [wh, ww]);
  const first = isZero(model.op('Sub', [ranked, repeated(best)]));
  const dx = model.op('Mul', [first, repeated(low.get(dy, 'blocked'))]);
  return low.reshape(dx, low.physical(node.shape, 'blocked'));
}
