import { item } from '../../../base/item.ts';
import { type Shape, sizeOf } from '../../../base/shape.ts';

/**
 * How a tensor lies in gpu.js: `[x]`, `[x, y]` or `[x, y, z]`, x fastest; row-major, so the bytes are the
 * tensor's own.
 */
export type View = readonly number[];

/**
 * The last axis is x (threads side by side, SIMD lanes), the first of three or more is z, all between are y:
 * `[batch, height, width, channels]` lies as x = channel, y = pixel, z = image.
 */
export function viewOf(shape: Shape): View {
  if (shape.length <= 1) return [sizeOf(shape)];
  const x = item(shape, shape.length - 1);
  if (shape.length === 2) return [x, item(shape, 0)];
  return [x, sizeOf(shape.slice(1, -1)), item(shape, 0)];
}

/** Which axes a view's y runs over. */
export const middleAxes = (rank: number): readonly number[] =>
  rank === 2 ? [0] : Array.from({ length: Math.max(0, rank - 2) }, (_, i) => i + 1);

/**
 * Numbers pass through float32 in some modes, so an index must stay below 2^24; half of that where it is
 * divided (WGSL allows a division to be off by 2.5 units in the last place).
 */
export const LARGEST_INDEX = 2 ** 22;

/**
 * Two shapes of equal size, cut into runs of axes that cover the same elements: `[6, 4] = [2, 3, 4]` is `6 =
 * 2·3`, `4 = 4`.
 */
export function runs(from: Shape, to: Shape): { readonly from: number[]; readonly to: number[] }[] {
  const groups: { from: number[]; to: number[] }[] = [];
  let [i, j] = [0, 0];
  while (i < from.length || j < to.length) {
    const group = { from: [] as number[], to: [] as number[] };
    let [a, b] = [1, 1];
    do {
      if (j >= to.length || (i < from.length && a <= b)) {
        a *= item(from, i);
        group.from.push(i++);
      } else {
        b *= item(to, j);
        group.to.push(j++);
      }
    } while (a !== b);
    groups.push(group);
  }
  return groups;
}
