import { sizeOf } from '../../../base/shape.ts';
import { type Dims, fixedShape, isSymbolic, type NodeOf } from '../../../graph/index.ts';
import type { Lowering, Maker } from './lowering.ts';
import { sizeOfAxis } from './symbolic-sizes.ts';

export const input = (low: Lowering, { attrs, shape, dtype }: NodeOf<'input'>): string => {
  const { weights, rename } = low.options;
  const known = weights?.get(attrs.name);
  if (known) return low.constant(known, fixedShape(shape), dtype, 'logical');
  low.inputs.push({ name: attrs.name, shape, dtype });
  return low.model.input(rename?.[attrs.name] ?? attrs.name, shape, dtype);
};

export const constant =
  (low: Lowering, { attrs, shape, dtype }: NodeOf<'constant'>): Maker =>
  (layout) =>
    low.constant(attrs.data, fixedShape(shape), dtype, layout);

export const iota =
  (low: Lowering, { attrs, shape, dtype }: NodeOf<'iota'>): Maker =>
  (layout) => {
    if (shape.some(isSymbolic))
      return low.convert(countedUp(low, shape, attrs.axis), shape, 'logical', layout);
    const sizes = fixedShape(shape);
    const inner = sizeOf(sizes.slice(attrs.axis + 1));
    const size = sizes[attrs.axis] ?? 1;
    const data = Int32Array.from({ length: sizeOf(sizes) }, (_, i) => Math.floor(i / inner) % size);
    return low.constant(data, sizes, dtype, layout);
  };

/** The same with symbolic sizes: the model counts along one axis and repeats that over the others. */
function countedUp(low: Lowering, shape: Dims, axis: number): string {
  const { model } = low;
  const end = model.op('Squeeze', [sizeOfAxis(low, shape[axis] ?? 1)]);
  const [zero, one] = [0, 1].map((n) => model.initializer(BigInt64Array.of(BigInt(n)), [], 'i64'));
  const numbers = model.op('Cast', [model.op('Range', [zero, end, one] as string[])], { to: 6 });
  const along = shape.map((size, i) => (i === axis ? size : 1));
  return low.expand(low.reshape(numbers, along), along, shape);
}

/** The host makes it: random bits inside the graph are slower (BitShift), and all engines share these. */
export const randomMask = (low: Lowering, { attrs, shape: sizes }: NodeOf<'random_mask'>): string => {
  const shape = fixedShape(sizes);
  const name = `mask/${low.masks.length}`;
  low.masks.push({ name, ...attrs, shape });
  return low.model.input(name, shape, 'f32');
};
