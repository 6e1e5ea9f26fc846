import { meanError } from './errors.ts';

/** mean_absolute_percentage_error, as a share (0.1 is 10%); huge where the truth is 0, as in scikit-learn. */
export const meanAbsolutePercentageError = meanError(
  'mean_absolute_percentage_error',
  'mean distance from the truth, as a share of it (0.1 is 10%)',
  (truth, predicted) => Math.abs(predicted - truth) / Math.max(Math.abs(truth), Number.EPSILON),
);
