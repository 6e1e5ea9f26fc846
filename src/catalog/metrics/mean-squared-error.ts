import { meanError } from './errors.ts';

/** mean_squared_error, targets averaged. */
export const meanSquaredError = meanError(
  'mean_squared_error',
  'mean squared distance from the truth',
  (truth, predicted) => (predicted - truth) ** 2,
  (g, { scores, y }) => g.mean(g.square(g.sub(scores, y))),
);
