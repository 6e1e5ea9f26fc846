import * as z from 'zod';
import { quantile } from '../../../base/quantile.ts';
import { once, positive } from '../../fields.ts';
import type { TransformEntry } from '../transform.ts';
import { clipped, fitLimits } from './limits.ts';

const schema = once(() =>
  z.strictObject({
    factor: positive().default(1.5).describe('of the interquartile range, beyond the quartiles'),
  }),
);

/**
 * Tukey's fences: first quartile - factor · range to third quartile + factor · range, of the training rows.
 */
export const iqr: TransformEntry<{ readonly factor: number }> = {
  ...clipped,
  name: 'iqr',
  help: 'values cut off beyond the quartiles by a factor of their distance',
  get schema() {
    return schema();
  },
  fit: (rows, { factor }) =>
    fitLimits(rows, (sorted) => {
      const [first, third] = [quantile(sorted, 0.25), quantile(sorted, 0.75)];
      return [first - factor * (third - first), third + factor * (third - first)];
    }),
};
