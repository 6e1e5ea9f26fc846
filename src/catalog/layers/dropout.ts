import * as z from 'zod';
import { fraction, once } from '../fields.ts';
import type { LayerEntry, OneInput } from './layer.ts';

const schema = once(() => z.strictObject({ rate: fraction().describe('share of inputs set to 0') }));

/**
 * In training, sets each input to 0 with probability `rate` and scales the others by 1 / (1 - rate), so that
 * the mean stays; else it does nothing. Srivastava et al. 2014.
 */
export const dropout: LayerEntry<z.infer<ReturnType<typeof schema>>> = {
  name: 'dropout',
  help: 'sets a random share of its inputs to 0 during training',
  get schema() {
    return schema();
  },
  apply: ({ g, training, mask }, [x]: OneInput, { rate }) =>
    training && rate > 0 ? g.mul(x, mask(x.shape, rate)) : x,
};
