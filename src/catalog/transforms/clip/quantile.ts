import * as z from 'zod';
import { quantile as quantileOf } from '../../../base/quantile.ts';
import { once } from '../../fields.ts';
import type { TransformEntry } from '../transform.ts';
import { clipped, fitLimits } from './limits.ts';

interface Params {
  readonly lower: number;
  readonly upper: number;
}

const share = () => z.number().min(0).max(1);
const schema = once(() =>
  z.strictObject({
    lower: share().lt(0.5).default(0.01).describe('share of the training rows below the lower limit'),
    upper: share().gt(0.5).default(0.99).describe('share of the training rows below the upper limit'),
  }),
);

/** Winsorizing: limits are quantiles of the training rows (numpy's linear ones). */
export const quantile: TransformEntry<Params> = {
  ...clipped,
  name: 'quantile',
  help: 'values cut off at two quantiles',
  get schema() {
    return schema();
  },
  fit: (rows, { lower, upper }) =>
    fitLimits(rows, (sorted) => [quantileOf(sorted, lower), quantileOf(sorted, upper)]),
};
