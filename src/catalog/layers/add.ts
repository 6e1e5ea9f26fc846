import { Misfit } from '../../base/misfit.ts';
import { noFields } from '../fields.ts';
import type { LayerEntry } from './layer.ts';
import { exampleShape, shapeText } from './misfits.ts';

/**
 * The sum of its inputs, element by element, as at the end of a residual block: Keras' `Add`; all have one
 * shape.
 */
export const add: LayerEntry<Record<string, never>> = {
  name: 'add',
  help: 'the sum of its inputs',
  takes: 'several',
  get schema() {
    return noFields();
  },
  apply({ g }, inputs) {
    const shapes = inputs.map((x) => shapeText(exampleShape(x)));
    if (shapes.some((shape) => shape !== shapes[0]))
      throw new Misfit('shape', `add needs inputs of one shape but gets ${shapes.join(' and ')}`, {
        field: 'inputs',
        help: 'give both branches the same number of units or filters',
      });
    return inputs.reduce((sum, x) => g.add(sum, x));
  },
};
