import type { Shape } from '../../base/shape.ts';
import { fourAxes, type Pool2dAttrs } from '../../graph/index.ts';
import type { LayerEntry, OneInput } from './layer.ts';
import { exampleShape } from './misfits.ts';
import { type PoolingParams, poolingSchema, poolWindows } from './pooling.ts';

/** The mean of each window and channel; padding isn't counted (TensorFlow). */
export const averagePooling2d: LayerEntry<PoolingParams> = {
  name: 'average_pooling2d',
  help: 'the mean of each window',
  get schema() {
    return poolingSchema();
  },
  apply({ g }, [x]: OneInput, params) {
    const attrs = poolWindows('average_pooling2d', x, params);
    const sums = g.sumPool2d(x, attrs);
    const [, height, width] = fourAxes(sums.shape);
    if (attrs.padding.flat().every((p) => p === 0))
      return g.mul(sums, 1 / (attrs.window[0] * attrs.window[1]));
    const shares = inverseCounts(attrs, exampleShape(x).slice(0, 2), [height, width]);
    return g.mul(sums, g.constant(shares, [height, width, 1]));
  },
};

/** 1 / (pixels of the input in each window), `[out height, out width]`. */
function inverseCounts({ window, strides, padding }: Pool2dAttrs, input: Shape, output: Shape): Float32Array {
  const along = (axis: 0 | 1, i: number) => {
    const start = i * strides[axis] - padding[axis][0];
    return Math.min(start + window[axis], input[axis]!) - Math.max(start, 0);
  };
  return Float32Array.from(
    { length: output[0]! * output[1]! },
    (_, i) => 1 / (along(0, Math.floor(i / output[1]!)) * along(1, i % output[1]!)),
  );
}
