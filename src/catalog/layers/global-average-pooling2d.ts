import { noFields } from '../fields.ts';
import type { LayerEntry, OneInput } from './layer.ts';
import { needImage } from './misfits.ts';

/** The mean over all pixels: `[batch, height, width, channels]` -> `[batch, channels]`. Lin et al. 2013. */
export const globalAveragePooling2d: LayerEntry<Record<string, never>> = {
  name: 'global_average_pooling2d',
  help: 'the mean of each channel over the whole image',
  get schema() {
    return noFields();
  },
  apply({ g }, [x]: OneInput) {
    needImage('global_average_pooling2d', x);
    return g.mean(x, [1, 2]);
  },
};
