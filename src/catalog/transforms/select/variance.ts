import * as z from 'zod';
import { sizeOf } from '../../../base/shape.ts';
import { atLeastZero, once } from '../../fields.ts';
import { eachRow, extremes } from '../normalize/groups.ts';
import type { TransformEntry } from '../transform.ts';
import { keep, picked, someLeft } from './picked.ts';

const schema = once(() =>
  z.strictObject({
    threshold: atLeastZero()
      .default(0)
      .describe(
        'features with at most this variance in the training rows are dropped; 0 drops constant ones',
      ),
  }),
);

/** scikit-learn's VarianceThreshold (population variance): drops features that hardly change. */
export const variance: TransformEntry<{ readonly threshold: number }> = {
  ...picked,
  name: 'variance',
  help: 'features whose variance exceeds a threshold',
  get schema() {
    return schema();
  },
  shape: () => undefined,
  fit(rows, { threshold }) {
    const width = sizeOf(rows.shape);
    const sums = new Float64Array(width);
    eachRow(rows, (row) => {
      for (let j = 0; j < width; j++) sums[j] = sums[j]! + row[j]!;
    });
    const squares = new Float64Array(width);
    eachRow(rows, (row) => {
      for (let j = 0; j < width; j++) squares[j] = squares[j]! + (row[j]! - sums[j]! / rows.count) ** 2;
    });
    const { min, max } = extremes(rows, { axis: 'feature' });
    // The range tells a constant from the dust of rounding.
    const found = squares.map((sum, j) => (min[j] === max[j] ? 0 : sum / rows.count));
    const kept = [...found.keys()].filter((j) => found[j]! > threshold);
    return keep(rows, someLeft(kept, `of more variance than ${threshold}`, Math.max(...found)), found);
  },
};
