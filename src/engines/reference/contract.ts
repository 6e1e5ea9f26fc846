import { type Shape, sizeOf } from '../../base/shape.ts';
import type { Conv2dAttrs } from '../../graph/index.ts';
import { indexOf, type Kernels, tabulate } from './kernel.ts';

/**
 * Visits every product x·w·y that a convolution is made of, by positions in x `[n, h, w, i]`,
 * w `[kh, kw, i, o]` and y `[n, oh, ow, o]`. Padding is zero, so its taps are left out.
 */
function eachTap(
  shapes: { x: Shape; w: Shape; y: Shape },
  { strides, padding, dilations }: Conv2dAttrs,
  visit: (x: number, w: number, y: number) => void,
): void {
  const [, height, width] = shapes.x as [number, number, number, number];
  const [kernelHeight, kernelWidth, inputs, outputs] = shapes.w as [number, number, number, number];
  const [batch, outHeight, outWidth] = shapes.y as [number, number, number, number];
  for (let n = 0; n < batch; n++)
    for (let oy = 0; oy < outHeight; oy++)
      for (let ox = 0; ox < outWidth; ox++)
        for (let ky = 0; ky < kernelHeight; ky++)
          for (let kx = 0; kx < kernelWidth; kx++) {
            const iy = oy * strides[0] + ky * dilations[0] - padding[0][0];
            const ix = ox * strides[1] + kx * dilations[1] - padding[1][0];
            if (iy < 0 || iy >= height || ix < 0 || ix >= width) continue;
            const x = indexOf([n, iy, ix, 0], shapes.x);
            const w = indexOf([ky, kx, 0, 0], shapes.w);
            const y = indexOf([n, oy, ox, 0], shapes.y);
            for (let i = 0; i < inputs; i++)
              for (let o = 0; o < outputs; o++) visit(x + i, w + i * outputs + o, y + o);
          }
}

export const contract: Kernels<'matmul' | 'conv2d' | 'conv2d_input_grad' | 'conv2d_weight_grad'> = {
  matmul: ({ attrs: { transposeA, transposeB }, shape }, [a, b]) => {
    const inner = a.shape.at(transposeA ? -2 : -1)!;
    return tabulate(shape, (at) => {
      const batch = at.slice(0, -2);
      const [row, column] = at.slice(-2) as [number, number];
      let sum = 0;
      for (let k = 0; k < inner; k++) {
        const left = a.data[indexOf([...batch, ...(transposeA ? [k, row] : [row, k])], a.shape)]!;
        const right = b.data[indexOf([...batch, ...(transposeB ? [column, k] : [k, column])], b.shape)]!;
        sum += left * right;
      }
      return sum;
    });
  },
  conv2d: ({ attrs, shape }, [x, w]) => {
    const y = new Float64Array(sizeOf(shape));
    eachTap({ x: x.shape, w: w.shape, y: shape }, attrs, (xi, wi, yi) => {
      y[yi]! += x.data[xi]! * w.data[wi]!;
    });
    return y;
  },
  conv2d_input_grad: ({ attrs, shape }, [dy, w]) => {
    const dx = new Float64Array(sizeOf(shape));
    eachTap({ x: shape, w: w.shape, y: dy.shape }, attrs, (xi, wi, yi) => {
      dx[xi]! += dy.data[yi]! * w.data[wi]!;
    });
    return dx;
  },
  conv2d_weight_grad: ({ attrs, shape }, [x, dy]) => {
    const dw = new Float64Array(sizeOf(shape));
    eachTap({ x: x.shape, w: shape, y: dy.shape }, attrs, (xi, wi, yi) => {
      dw[wi]! += x.data[xi]! * dy.data[yi]!;
    });
    return dw;
  },
};
