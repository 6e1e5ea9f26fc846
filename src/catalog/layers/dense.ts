import * as z from 'zod';
import { Misfit } from '../../base/misfit.ts';
import { count, once } from '../fields.ts';
import { activate, activationField } from './activations.ts';
import type { LayerEntry, OneInput } from './layer.ts';
import { exampleShape, shapeText } from './misfits.ts';
import { initChoice, kernelFields, regularizer } from './weights.ts';

const schema = once(() =>
  z.strictObject({
    units: count().describe('number of outputs'),
    activation: activationField().default('linear').describe('function of each output'),
    ...kernelFields(),
  }),
);

/** activation(x · kernel + bias): `[batch, n]` -> `[batch, units]`. Kernel `[n, units]`. */
export const dense: LayerEntry<z.infer<ReturnType<typeof schema>>> = {
  name: 'dense',
  help: 'fully connected: every output sees every input',
  get schema() {
    return schema();
  },
  output: { field: 'units', shape: ({ units }) => [units] },
  apply({ g, weight }, [x]: OneInput, params) {
    const [inputs, ...more] = exampleShape(x);
    if (inputs === undefined || more.length > 0)
      throw new Misfit('shape', `dense needs a flat input but gets ${shapeText(exampleShape(x))}`, {
        help: 'put `flatten` before it',
      });
    const { units } = params;
    const kernel = weight(
      'kernel',
      [inputs, units],
      initChoice(params.kernel_initializer),
      regularizer(params.kernel_regularizer),
    );
    const product = g.matmul(x, kernel);
    if (!params.use_bias) return activate(g, product, params.activation);
    const bias = weight(
      'bias',
      [units],
      initChoice(params.bias_initializer),
      regularizer(params.bias_regularizer),
    );
    return activate(g, g.add(product, bias), params.activation);
  },
};
