import { sizeOf } from '../../../base/shape.ts';
import { invariant } from '../../../errors.ts';
import type { NodeOf } from '../../../graph/index.ts';
import { SYMBOLIC_BATCH } from '../../../plan/index.ts';
import type { Lowering, Maker } from './lowering.ts';

export const input = (low: Lowering, { attrs, shape, dtype }: NodeOf<'input'>): string => {
  const { weights, rename } = low.options;
  const fixed = weights?.get(attrs.name);
  if (fixed) return low.constant(fixed, shape, dtype, 'logical');
  low.inputs.push({ name: attrs.name, shape, dtype });
  return low.model.input(rename?.[attrs.name] ?? attrs.name, low.axes(shape), dtype);
};

export const constant =
  (low: Lowering, { attrs, shape, dtype }: NodeOf<'constant'>): Maker =>
  (layout) =>
    low.constant(attrs.data, shape, dtype, layout);

export const iota =
  (low: Lowering, { attrs, shape, dtype }: NodeOf<'iota'>): Maker =>
  (layout) => {
    const inner = sizeOf(shape.slice(attrs.axis + 1));
    const size = shape[attrs.axis] ?? 1;
    invariant(!low.options.symbolicBatch || !shape.includes(SYMBOLIC_BATCH), 'no iota over an open batch');
    const data = Int32Array.from({ length: sizeOf(shape) }, (_, i) => Math.floor(i / inner) % size);
    return low.constant(data, shape, dtype, layout);
  };

/** Made on the host: random bits inside the graph are slower (BitShift), and every engine has the same ones. */
export const randomMask = (low: Lowering, { attrs, shape }: NodeOf<'random_mask'>): string => {
  const name = `mask/${low.masks.length}`;
  low.masks.push({ name, ...attrs, shape });
  return low.model.input(name, low.axes(shape), 'f32');
};
