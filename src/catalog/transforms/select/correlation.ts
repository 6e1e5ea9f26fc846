import * as z from 'zod';
import { sizeOf } from '../../../base/shape.ts';
import { once } from '../../fields.ts';
import { covariance } from '../reduce/covariance.ts';
import type { TransformEntry } from '../transform.ts';
import { keep, picked } from './picked.ts';

const schema = once(() =>
  z.strictObject({
    threshold: z
      .number()
      .gt(0)
      .max(1)
      .default(0.95)
      .describe('largest absolute correlation that a feature may have with an earlier one'),
  }),
);

/**
 * Drops the later one of two features whose Pearson correlation over the training rows is above a threshold.
 */
export const correlation: TransformEntry<{ readonly threshold: number }> = {
  ...picked,
  name: 'correlation',
  help: 'drops the later one of two correlated features',
  get schema() {
    return schema();
  },
  shape: () => undefined,
  fit(rows, { threshold }) {
    const width = sizeOf(rows.shape);
    const { matrix } = covariance(rows);
    const deviation = (j: number) => Math.sqrt(matrix[j * width + j]!);
    const kept: number[] = [];
    const largest = new Float64Array(width);
    for (let j = 0; j < width; j++) {
      for (const i of kept) {
        const both = deviation(i) * deviation(j);
        const r = both > 0 ? Math.abs(matrix[i * width + j]!) / both : 0;
        largest[j] = Math.max(largest[j]!, Math.min(1, r));
      }
      if (largest[j]! <= threshold) kept.push(j);
    }
    return keep(rows, kept, largest);
  },
};
