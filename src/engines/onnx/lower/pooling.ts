import { sizeOf } from '../../../base/shape.ts';
import {
  fixedShape,
  fourAxes,
  type NodeOf,
  type Pool2dAttrs,
  perAxis,
  type ValueId,
} from '../../../graph/index.ts';
import { blockedMaxPool, blockedMaxPoolGrad } from './blocked.ts';
import { pads } from './convolution.ts';
import type { Lowering } from './lowering.ts';

const attributes = ({ window, strides, padding }: Pool2dAttrs) => ({
  kernel_shape: window,
  strides,
  pads: pads(padding),
});

/** Maxima and their places (flat, in NCHW order; the first in row-major order of equals). */
function maxima(low: Lowering, x: ValueId, attrs: Pool2dAttrs): { maximum: string; place: string } {
  return low.once(`max pool ${x} ${JSON.stringify(attributes(attrs))}`, () => {
    const [maximum, place] = low.model.pair('MaxPool', [low.get(x, 'nchw')], attributes(attrs));
    return { maximum, place };
  });
}

export const maxPool = (low: Lowering, node: NodeOf<'max_pool2d'>): string =>
  low.layoutOf(node.id) === 'blocked'
    ? blockedMaxPool(low, node.inputs[0], node.attrs)
    : maxima(low, node.inputs[0], node.attrs).maximum;

/** Puts each dy where its window's maximum was; where windows overlap, sums. */
export function maxPoolGrad(low: Lowering, node: NodeOf<'max_pool2d_grad'>): string {
  if (low.layoutOf(node.id) === 'blocked') return blockedMaxPoolGrad(low, node);
  const { model } = low;
  const [x, dy] = node.inputs;
  const { window, strides, padding } = node.attrs;
  const [n, h, w, c] = fourAxes(fixedShape(node.shape));
  const { place } = maxima(low, x, node.attrs);
  const apart =
    perAxis((axis) => window[axis] <= strides[axis]).every(Boolean) && padding.flat().every((p) => p === 0);
  if (apart) {
    return model.op('MaxUnpool', [low.get(dy, 'nchw'), place, model.ints([n, c, h, w])], {
      kernel_shape: window,
      strides,
    });
  }
  const zeros = low.filled([n * h * w * c], 0);
  const given = low.get(dy, 'nchw');
  const [places, values] = [low.reshape(place, [-1]), low.reshape(given, [-1])];
  const sums = model.op('ScatterElements', [zeros, places, values], { axis: 0, reduction: 'add' });
  return low.reshape(sums, [n, c, h, w]);
}

/** An average over all of the window, padding counted, times its size. */
export function sumPool(low: Lowering, node: NodeOf<'sum_pool2d'>): string {
  const mean = low.model.op('AveragePool', [low.get(node.inputs[0], 'nchw')], {
    ...attributes(node.attrs),
    count_include_pad: 1,
  });
  return low.model.op('Mul', [mean, low.model.float(sizeOf(node.attrs.window))]);
}

/**
 * Every input gets the sum of the dy of its windows: a transposed convolution with ones, channel by channel.
 */
export function sumPoolGrad(low: Lowering, node: NodeOf<'sum_pool2d_grad'>): string {
  const { window, strides, padding } = node.attrs;
  const [, h, w] = fourAxes(node.shape);
  const [, oh, ow, c] = fourAxes(low.input(node, 0).shape);
  const missing = perAxis((axis) => {
    const [before, after] = padding[axis];
    const covered = strides[axis] * ([oh, ow][axis]! - 1) + window[axis] - before - after;
    return [h, w][axis]! - covered;
  });
  return low.model.op('ConvTranspose', [low.get(node.inputs[0], 'nchw'), low.filled([c, 1, ...window], 1)], {
    ...attributes(node.attrs),
    group: c,
    output_padding: missing,
  });
}
