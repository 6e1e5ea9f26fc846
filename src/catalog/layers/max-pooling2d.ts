import type { LayerEntry, OneInput } from './layer.ts';
import { type PoolingParams, poolingSchema, poolWindows } from './pooling.ts';

/** The largest value of each window and channel. Padding never wins. */
export const maxPooling2d: LayerEntry<PoolingParams> = {
  name: 'max_pooling2d',
  help: 'the largest value of each window',
  get schema() {
    return poolingSchema();
  },
  apply: ({ g }, [x]: OneInput, params) => g.maxPool2d(x, poolWindows('max_pooling2d', x, params)),
};
