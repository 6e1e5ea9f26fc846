import { type Shape, sizeOf } from '../../base/shape.ts';
import type { BoundNodeOf, DType, Operands, OpName } from '../../graph/index.ts';

/** A computed tensor, row-major; i32 and bool values are kept as whole numbers. */
export interface Value {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly data: Float64Array;
}

/** Makes the data of one node from its operands; never the operands' own arrays. */
export type Kernel<O extends OpName> = (node: BoundNodeOf<O>, inputs: Operands<O, Value>) => Float64Array;
export type Kernels<O extends OpName> = { readonly [P in O]: Kernel<P> };

/** Row-major position of an element. */
export const indexOf = (coordinates: readonly number[], shape: Shape): number =>
  coordinates.reduce((index, c, axis) => index * shape[axis]! + c, 0);

/** Coordinates of the element at a row-major position. */
export function coordinatesOf(index: number, shape: Shape): number[] {
  const coordinates = new Array<number>(shape.length);
  let rest = index;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    coordinates[axis] = rest % shape[axis]!;
    rest = Math.floor(rest / shape[axis]!);
  }
  return coordinates;
}

/** A tensor whose elements are a function of their coordinates. */
export function tabulate(shape: Shape, element: (coordinates: number[]) => number): Float64Array {
  return Float64Array.from({ length: sizeOf(shape) }, (_, i) => element(coordinatesOf(i, shape)));
}
