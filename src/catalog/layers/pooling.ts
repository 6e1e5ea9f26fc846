import * as z from 'zod';
import type { Node, Pool2dAttrs } from '../../graph/index.ts';
import { once, pair, size2d } from '../fields.ts';
import { needImage, needRoom } from './misfits.ts';
import { padding2d, paddingField } from './window.ts';

export const poolingSchema = once(() =>
  z.strictObject({
    pool_size: size2d().default(2).describe('pixels of a window, one number or [height, width]'),
    strides: z
      .union([z.null(), size2d()])
      .default(null)
      .describe('pixels from one window to the next; null: `pool_size`, so that windows touch'),
    padding: paddingField(),
  }),
);
export type PoolingParams = z.infer<ReturnType<typeof poolingSchema>>;

/** The windows of a pooling layer over `x` `[batch, height, width, channels]`. @throws Misfit */
export function poolWindows(layer: string, x: Node, params: PoolingParams): Pool2dAttrs {
  const [height, width] = needImage(layer, x);
  const window = pair(params.pool_size);
  const strides = params.strides === null ? window : pair(params.strides);
  if (params.padding === 'valid') needRoom('pool', window, window, [height, width], 'pool_size');
  return { window, strides, padding: padding2d(params.padding, [height, width], window, strides) };
}
