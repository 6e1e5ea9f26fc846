import { meanError } from './errors.ts';

/** mean_absolute_error, targets averaged. */
export const meanAbsoluteError = meanError(
  'mean_absolute_error',
  'mean distance from the truth, in its unit',
  (truth, predicted) => Math.abs(predicted - truth),
  (g, { scores, y }) => g.mean(g.abs(g.sub(scores, y))),
);
