import { type Shape, sizeOf } from '../../base/shape.ts';
import type { Pool2dAttrs } from '../../graph/index.ts';
import { coordinatesOf, indexOf, type Kernels, type Value } from './kernel.ts';

/** Visits the elements of each window, window by window, row-major; padding belongs to no window. */
function eachWindowElement(
  x: Shape,
  y: Shape,
  { window, strides, padding }: Pool2dAttrs,
  visit: (x: number, y: number) => void,
): void {
  for (let yi = 0; yi < sizeOf(y); yi++) {
    const [n, oy, ox, channel] = coordinatesOf(yi, y) as [number, number, number, number];
    for (let ky = 0; ky < window[0]; ky++)
      for (let kx = 0; kx < window[1]; kx++) {
        const iy = oy * strides[0] + ky - padding[0][0];
        const ix = ox * strides[1] + kx - padding[1][0];
        if (iy < 0 || iy >= x[1]! || ix < 0 || ix >= x[2]!) continue;
        visit(indexOf([n, iy, ix, channel], x), yi);
      }
  }
}

/** For each window, the position in x of its first maximum; -1 where it holds padding only. */
function firstMaxima(x: Value, y: Shape, attrs: Pool2dAttrs): Int32Array {
  const first = new Int32Array(sizeOf(y)).fill(-1);
  eachWindowElement(x.shape, y, attrs, (xi, yi) => {
    if (first[yi] === -1 || x.data[xi]! > x.data[first[yi]!]!) first[yi] = xi;
  });
  return first;
}

export const window: Kernels<'max_pool2d' | 'max_pool2d_grad' | 'sum_pool2d' | 'sum_pool2d_grad'> = {
  max_pool2d: ({ attrs, shape }, [x]) =>
    Float64Array.from(firstMaxima(x, shape, attrs), (xi) => (xi === -1 ? -Infinity : x.data[xi]!)),
  max_pool2d_grad: ({ attrs, shape }, [x, dy]) => {
    const dx = new Float64Array(sizeOf(shape));
    firstMaxima(x, dy.shape, attrs).forEach((xi, yi) => {
      if (xi !== -1) dx[xi]! += dy.data[yi]!;
    });
    return dx;
  },
  sum_pool2d: ({ attrs, shape }, [x]) => {
    const y = new Float64Array(sizeOf(shape));
    eachWindowElement(x.shape, shape, attrs, (xi, yi) => {
      y[yi]! += x.data[xi]!;
    });
    return y;
  },
  sum_pool2d_grad: ({ attrs, shape }, [dy]) => {
    const dx = new Float64Array(sizeOf(shape));
    eachWindowElement(shape, dy.shape, attrs, (xi, yi) => {
      dx[xi]! += dy.data[yi]!;
    });
    return dx;
  },
};
