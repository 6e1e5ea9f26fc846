import type { TransformEntry } from '../transform.ts';
import { type BinParams, binFields, binned, fitBins } from './edges.ts';

/** `count + 1` points from `low` to `high`. */
export const evenly = (low: number, high: number, count: number): number[] =>
  Array.from({ length: count + 1 }, (_, i) => (i === count ? high : low + (i * (high - low)) / count));

/** KBinsDiscretizer's `uniform`: bins of equal width between the extremes of the training rows. */
export const uniform: TransformEntry<BinParams> = {
  ...binned,
  name: 'uniform',
  help: 'bins of equal width',
  get schema() {
    return binFields();
  },
  fit: (rows, params) => fitBins(rows, params, (sorted) => evenly(sorted[0]!, sorted.at(-1)!, params.bins)),
};
