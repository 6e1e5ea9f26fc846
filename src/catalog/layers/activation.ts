import * as z from 'zod';
import { once } from '../fields.ts';
import { activate, activationField } from './activations.ts';
import type { LayerEntry, OneInput } from './layer.ts';

const schema = once(() => z.strictObject({ activation: activationField().describe('the function') }));

/** An activation as a layer of its own, e.g. after batch normalization. */
export const activation: LayerEntry<z.infer<ReturnType<typeof schema>>> = {
  name: 'activation',
  help: 'a function of each value: relu, tanh, ...',
  get schema() {
    return schema();
  },
  apply: ({ g }, [x]: OneInput, params) => activate(g, x, params.activation),
};
