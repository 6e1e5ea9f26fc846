import { exampleErrors, mean } from './errors.ts';
import type { MetricEntry, Predictions } from './metric.ts';

const values = (p: Predictions) => exampleErrors(p, (difference) => difference * difference);

/** mean_squared_error, targets averaged. */
export const meanSquaredError: MetricEntry = {
  name: 'mean_squared_error',
  help: 'mean squared distance from the truth',
  tasks: ['regression'],
  direction: 'lower',
  range: [0, Number.POSITIVE_INFINITY],
  compute: (p) => mean(values(p)),
  interval: { kind: 'mean', values },
  running: (g, { scores, y }) => g.mean(g.square(g.sub(scores, y))),
};
