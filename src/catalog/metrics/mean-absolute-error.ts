import { exampleErrors, mean } from './errors.ts';
import type { MetricEntry, Predictions } from './metric.ts';

const values = (p: Predictions) => exampleErrors(p, Math.abs);

/** mean_absolute_error, targets averaged. */
export const meanAbsoluteError: MetricEntry = {
  name: 'mean_absolute_error',
  help: 'mean distance from the truth, in its unit',
  tasks: ['regression'],
  direction: 'lower',
  range: [0, Number.POSITIVE_INFINITY],
  compute: (p) => mean(values(p)),
  interval: { kind: 'mean', values },
  running: (g, { scores, y }) => g.mean(g.abs(g.sub(scores, y))),
};
