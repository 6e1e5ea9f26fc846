import { affine, centered, withoutZeros } from '../affine.ts';
import type { TransformEntry } from '../transform.ts';
import { type AxisParams, axisFields, extremes, summary } from './groups.ts';

/** scikit-learn's MaxAbsScaler: zeros stay zeros. */
export const maxAbs: TransformEntry<AxisParams> = {
  ...affine,
  name: 'max_abs',
  help: 'x / largest magnitude, of the training rows: into [-1, 1], zeros kept',
  get schema() {
    return axisFields();
  },
  stateless: false,
  fit(rows, params) {
    const { min, max } = extremes(rows, params);
    const most = max.map((value, i) => Math.max(Math.abs(value), Math.abs(min[i]!)));
    const scale = withoutZeros(most);
    return {
      summary: summary(['largest magnitude'], [most], rows),
      shape: rows.shape,
      affine: centered(new Float64Array(scale.length), scale),
    };
  },
};
