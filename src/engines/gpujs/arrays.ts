import { type Shape, sizeOf } from '../../base/shape.ts';
import type { Kernel } from './lower/index.ts';

/** What gpu.js gives back: numbers, nested by y and z, and by the four numbers of a quad. */
export type Nested = Float32Array | readonly Nested[];

/** A kernel's result as one row-major array; a view where gpu.js already has it in one buffer. */
export function flat(result: Nested, kernel: Kernel): Float32Array {
  const size = kernel.output.reduce((a, b) => a * b, 1) * (kernel.quads ? 4 : 1);
  const values = joined(result, size);
  return kernel.quads ? unpacked(values, kernel.output, kernel.shape) : values;
}

function joined(result: Nested, size: number): Float32Array {
  if (result instanceof Float32Array) return result.length === size ? result : result.subarray(0, size);
  let [first, last]: [Nested, Nested] = [result, result];
  while (!(first instanceof Float32Array)) first = first[0]!;
  while (!(last instanceof Float32Array)) last = last[last.length - 1]!;
  const one =
    first.buffer === last.buffer && last.byteOffset + last.byteLength - first.byteOffset === 4 * size;
  if (one) return new Float32Array(first.buffer, first.byteOffset, size);
  const values = new Float32Array(size);
  let at = 0;
  const walk = (part: Nested): void => {
    if (part instanceof Float32Array || typeof part[0] === 'number') {
      values.set(part as Float32Array, at);
      at += part.length;
    } else for (const inner of part) walk(inner as Nested);
  };
  walk(result);
  return values;
}

/** `[z][y / 4][x][y % 4]` to rows. */
function unpacked(
  packed: Float32Array,
  [width, height, depth = 1]: readonly number[],
  shape: Shape,
): Float32Array {
  const values = new Float32Array(sizeOf(shape));
  const rows = values.length / (width! * depth);
  let from = 0;
  for (let z = 0; z < depth; z++)
    for (let quad = 0; quad < height!; quad++) {
      const base = (z * rows + quad * 4) * width!;
      const most = Math.min(4, rows - quad * 4);
      for (let x = 0; x < width!; x++, from += 4)
        for (let r = 0; r < most; r++) values[base + r * width! + x] = packed[from + r]!;
    }
  return values;
}
