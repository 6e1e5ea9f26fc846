import { quantile as quantileOf } from '../../../base/quantile.ts';
import type { TransformEntry } from '../transform.ts';
import { type BinParams, binFields, binned, fitBins } from './edges.ts';

/** KBinsDiscretizer's `quantile`: bins of about as many training rows each. Equal quantiles make one bin. */
export const quantile: TransformEntry<BinParams> = {
  ...binned,
  name: 'quantile',
  help: 'bins of as many training rows each',
  get schema() {
    return binFields();
  },
  fit: (rows, params) =>
    fitBins(rows, params, (sorted) =>
      Array.from({ length: params.bins + 1 }, (_, i) => quantileOf(sorted, i / params.bins)),
    ),
};
