import { sizeOf } from '../../base/shape.ts';
import { noFields } from '../fields.ts';
import type { LayerEntry, OneInput } from './layer.ts';
import { exampleShape } from './misfits.ts';

/** `[batch, ...]` -> `[batch, product of the rest]`, row-major. */
export const flatten: LayerEntry<Record<string, never>> = {
  name: 'flatten',
  help: 'one row of numbers per example',
  get schema() {
    return noFields();
  },
  apply: ({ g }, [x]: OneInput) => g.reshape(x, [x.shape[0]!, sizeOf(exampleShape(x))]),
};
