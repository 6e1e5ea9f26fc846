import * as z from 'zod';
import { count, once, pair, size2d } from '../fields.ts';
import { activate, activationField } from './activations.ts';
import type { LayerEntry, OneInput } from './layer.ts';
import { needImage, needRoom } from './misfits.ts';
import { initChoice, kernelFields, regularizer } from './weights.ts';
import { padding2d, paddingField } from './window.ts';

const schema = once(() =>
  z.strictObject({
    filters: count().describe('number of output channels'),
    kernel_size: size2d().describe('pixels that a filter sees, one number or [height, width]'),
    strides: size2d().default(1).describe('pixels from one window to the next'),
    padding: paddingField(),
    dilation_rate: size2d().default(1).describe('pixels from one kernel element to the next'),
    activation: activationField().default('linear').describe('function of each output'),
    ...kernelFields(),
  }),
);

/**
 * Cross-correlation: `[batch, height, width, channels]` -> `[batch, height', width', filters]`. Kernel
 * `[kernel height, kernel width, channels, filters]`.
 */
export const conv2d: LayerEntry<z.infer<ReturnType<typeof schema>>> = {
  name: 'conv2d',
  help: 'convolution over images',
  get schema() {
    return schema();
  },
  apply({ g, weight }, [x]: OneInput, params) {
    const [height, width, channels] = needImage('conv2d', x);
    const [size, strides] = [pair(params.kernel_size), pair(params.strides)];
    const dilations = pair(params.dilation_rate);
    const span: [number, number] = [(size[0] - 1) * dilations[0] + 1, (size[1] - 1) * dilations[1] + 1];
    if (params.padding === 'valid') needRoom('kernel', size, span, [height, width], 'kernel_size');
    const kernel = weight(
      'kernel',
      [...size, channels, params.filters],
      initChoice(params.kernel_initializer),
      regularizer(params.kernel_regularizer),
    );
    const padding = padding2d(params.padding, [height, width], span, strides);
    const maps = g.conv2d(x, kernel, { strides, padding, dilations });
    if (!params.use_bias) return activate(g, maps, params.activation);
    const bias = weight(
      'bias',
      [params.filters],
      initChoice(params.bias_initializer),
      regularizer(params.bias_regularizer),
    );
    return activate(g, g.add(maps, bias), params.activation);
  },
};
