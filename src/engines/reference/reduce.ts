import { type Shape, sizeOf } from '../../base/shape.ts';
import { coordinatesOf, indexOf, type Kernels, type Value } from './kernel.ts';

/** Folds every element of x, in row-major order, into the element of the result that it belongs to. */
function fold(
  x: Value,
  axes: readonly number[],
  result: Shape,
  start: number,
  combine: (a: number, b: number) => number,
) {
  const out = new Float64Array(sizeOf(result)).fill(start);
  x.data.forEach((value, i) => {
    const kept = coordinatesOf(i, x.shape).filter((_, axis) => !axes.includes(axis));
    const at = indexOf(kept, result);
    out[at] = combine(out[at]!, value);
  });
  return out;
}

export const reduce: Kernels<'reduce_sum' | 'reduce_max' | 'argmax'> = {
  reduce_sum: ({ attrs, shape }, [x]) => fold(x, attrs.axes, shape, 0, (a, b) => a + b),
  reduce_max: ({ attrs, shape }, [x]) => fold(x, attrs.axes, shape, -Infinity, Math.max),
  argmax: ({ attrs: { axis }, shape }, [x]) => {
    const best = fold(x, [axis], shape, -Infinity, Math.max);
    return best.map((value, i) => {
      const at = coordinatesOf(i, shape);
      const line = Array.from({ length: x.shape[axis]! }, (_, position) =>
        indexOf([...at.slice(0, axis), position, ...at.slice(axis)], x.shape),
      );
      return line.findIndex((index) => x.data[index] === value);
    });
  },
};
