import { meanError } from './errors.ts';

const entry = (name: string, quantile: number) =>
  meanError(name, `loss of a forecast of the ${quantile} quantile`, (truth, predicted) =>
    truth >= predicted ? quantile * (truth - predicted) : (1 - quantile) * (predicted - truth),
  );

/** mean_pinball_loss of the median; `pinball_90` is that of the 0.9 quantile. */
export const pinball = [
  entry('pinball', 0.5),
  ...[5, 10, 25, 75, 90, 95].map((percent) => entry(`pinball_${percent}`, percent / 100)),
];
