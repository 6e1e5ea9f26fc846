import { sizeOf } from '../../../base/shape.ts';
import { affine, centered } from '../affine.ts';
import type { FitRows, TransformEntry } from '../transform.ts';
import { type AxisParams, average, axisFields, eachRow, grouped, summary } from './groups.ts';

/** Means of `value(x, group)`: per feature, or over everything. */
function means(
  rows: FitRows,
  axis: AxisParams['axis'],
  value: (x: number, feature: number) => number,
): Float64Array {
  const sums = new Float64Array(sizeOf(rows.shape));
  eachRow(rows, (row) => {
    for (let j = 0; j < row.length; j++) sums[j] = sums[j]! + value(row[j]!, j);
  });
  return grouped(
    sums.map((sum) => sum / rows.count),
    axis,
    average,
  );
}

/** scikit-learn's `_is_constant_feature`: a variance that rounding alone could have made. */
const isConstant = (variance: number, mean: number, n: number): boolean =>
  variance <= n * Number.EPSILON * variance + (n * mean * Number.EPSILON) ** 2;

/** scikit-learn's StandardScaler: population deviation (ddof 0); a constant feature keeps scale 1. */
export const standard: TransformEntry<AxisParams> = {
  ...affine,
  name: 'standard',
  help: '(x - mean) / standard deviation, of the training rows',
  get schema() {
    return axisFields();
  },
  stateless: false,
  fit(rows, { axis }) {
    const mean = means(rows, axis, (x) => x);
    const meanOf = axis === 'all' ? () => mean[0]! : (j: number) => mean[j]!;
    const variance = means(rows, axis, (x, j) => (x - meanOf(j)) ** 2); // a second pass: no cancellation
    const n = rows.count * (axis === 'all' ? sizeOf(rows.shape) : 1);
    const std = variance.map((v, i) => (isConstant(v, mean[i]!, n) ? 1 : Math.sqrt(v)));
    return {
      summary: summary(['mean', 'std'], [mean, std], rows),
      shape: rows.shape,
      affine: centered(mean, std),
    };
  },
};
