import { quantile } from '../../../base/quantile.ts';
import { sizeOf } from '../../../base/shape.ts';
import { affine, centered, withoutZeros } from '../affine.ts';
import { sortedColumns } from '../sorted-columns.ts';
import type { FitRows, TransformEntry } from '../transform.ts';
import { type AxisParams, axisFields, eachRow, summary } from './groups.ts';

/** Calls `visit` with the sorted values of each group, a block of columns in memory at a time. */
function eachSorted(rows: FitRows, axis: AxisParams['axis'], visit: (sorted: Float64Array) => void): void {
  if (axis === 'all') {
    const width = sizeOf(rows.shape);
    const values = new Float64Array(rows.count * width);
    let at = 0;
    eachRow(rows, (row) => {
      values.set(row, at);
      at += width;
    });
    visit(values.sort());
    return;
  }
  sortedColumns(rows, visit);
}

/** scikit-learn's RobustScaler: (x - median) / (third - first quartile); a zero range keeps scale 1. */
export const robust: TransformEntry<AxisParams> = {
  ...affine,
  name: 'robust',
  help: '(x - median) / interquartile range, of the training rows: outliers hardly count',
  get schema() {
    return axisFields();
  },
  stateless: false,
  fit(rows, { axis }) {
    const medians: number[] = [];
    const ranges: number[] = [];
    eachSorted(rows, axis, (sorted) => {
      medians.push(quantile(sorted, 0.5));
      ranges.push(quantile(sorted, 0.75) - quantile(sorted, 0.25));
    });
    const [median, range] = [Float64Array.from(medians), Float64Array.from(ranges)];
    return {
      summary: summary(['median', 'interquartile range'], [median, range], rows),
      shape: rows.shape,
      affine: centered(median, withoutZeros(range)),
    };
  },
};
