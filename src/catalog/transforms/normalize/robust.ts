import { sizeOf } from '../../../graph/index.ts';
import { affine, centered, withoutZeros } from '../affine.ts';
import type { FitRows, TransformEntry } from '../transform.ts';
import { type AxisParams, axisFields, eachRow, summary } from './groups.ts';

/** numpy's default percentile: linear between the two nearest of the sorted values. */
function quantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (at - below) * (sorted[above]! - sorted[below]!);
}

/** Values held at once while columns are sorted: 64 MiB of float64. */
const BLOCK = 2 ** 23;

/** Calls `visit` with the sorted values of each group, a block of columns in memory at a time. */
function eachSorted(rows: FitRows, axis: AxisParams['axis'], visit: (sorted: Float64Array) => void): void {
  const width = sizeOf(rows.shape);
  if (axis === 'all') {
    const values = new Float64Array(rows.count * width);
    let at = 0;
    eachRow(rows, (row) => {
      values.set(row, at);
      at += width;
    });
    visit(values.sort());
    return;
  }
  const columns = Math.max(1, Math.floor(BLOCK / rows.count));
  for (let from = 0; from < width; from += columns) {
    const held = Math.min(columns, width - from);
    const values = new Float64Array(held * rows.count);
    let i = 0;
    eachRow(rows, (row) => {
      for (let j = 0; j < held; j++) values[j * rows.count + i] = row[from + j]!;
      i++;
    });
    for (let j = 0; j < held; j++) visit(values.subarray(j * rows.count, (j + 1) * rows.count).sort());
  }
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
