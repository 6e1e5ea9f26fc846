import * as z from 'zod';
import { once, positive } from '../../fields.ts';
import type { TransformEntry } from '../transform.ts';
import { clipped, fitLimits } from './limits.ts';

const schema = once(() =>
  z.strictObject({ factor: positive().default(3).describe('standard deviations around the mean') }),
);

/** mean - factor · deviation to mean + factor · deviation (population deviation), of the training rows. */
export const zscore: TransformEntry<{ readonly factor: number }> = {
  ...clipped,
  name: 'zscore',
  help: 'values cut off at some standard deviations from the mean',
  get schema() {
    return schema();
  },
  fit: (rows, { factor }) =>
    fitLimits(rows, (sorted) => {
      const mean = sorted.reduce((a, b) => a + b, 0) / sorted.length;
      const variance = sorted.reduce((sum, x) => sum + (x - mean) ** 2, 0) / sorted.length;
      const reach = factor * Math.sqrt(variance);
      return [mean - reach, mean + reach];
    }),
};
