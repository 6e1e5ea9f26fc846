import { affine, centered, withoutZeros } from '../affine.ts';
import type { TransformEntry } from '../transform.ts';
import { type AxisParams, axisFields, extremes, summary } from './groups.ts';

/** scikit-learn's MinMaxScaler to [0, 1]; a constant feature becomes 0. Test rows may fall outside. */
export const minMax: TransformEntry<AxisParams> = {
  ...affine,
  name: 'min_max',
  help: '(x - min) / (max - min), of the training rows: into [0, 1]',
  get schema() {
    return axisFields();
  },
  stateless: false,
  fit(rows, params) {
    const { min, max } = extremes(rows, params);
    const range = withoutZeros(max.map((value, i) => value - min[i]!));
    return {
      summary: summary(['min', 'max'], [min, max], rows),
      shape: rows.shape,
      affine: centered(min, range),
    };
  },
};
