import { Misfit } from '../../base/misfit.ts';
import { invariant } from '../../errors.ts';
import type { NumberPredictions } from '../../protocol/predictions.ts';
import type { NumberTarget } from '../../protocol/target.ts';
import { counted } from './count.ts';
import type { TargetForm, TaskEntry } from './task.ts';

export const numberTarget: TargetForm<NumberTarget> = {
  kind: 'number',
  outputs: ({ columns }) => columns,
  y: ({ columns }) => ({ shape: [columns.length], dtype: 'f32' }),
  truth: ({ columns }, count) => new Float32Array(count * columns.length),
  size: ({ columns }) => counted(columns.length, 'number'),
  count: ({ columns }) => counted(columns.length, 'target'),
  classes: () => undefined,
  labels: () => undefined,
};

/** One number or several. */
export const regression: TaskEntry<NumberTarget, NumberPredictions> = {
  name: 'regression',
  help: 'a number',
  offers: ['numbers'],
  target: numberTarget,
  form: 'numbers',
  defaults: {
    loss: 'mean_squared_error',
    metrics: ['mean_absolute_error', 'root_mean_squared_error', 'r2'],
    headline: 'mean_absolute_error',
    gap: 'loss',
  },

  units({ name, needs }, { columns }) {
    if (needs.includes('numbers')) return columns.length;
    throw new Misfit('loss-target', `${name} is for classes; the target is a number`, {
      help: 'write `mean_squared_error`',
    });
  },

  decide: () => undefined,

  predictions({ scores, units, truth }) {
    invariant(truth.length === scores.length, `${truth.length} targets for ${scores.length} values`);
    return { form: 'numbers', count: scores.length / units, units, scores, truth: truth as Float32Array };
  },

  columns: ({ columns }) => ({ targets: columns }),
  row({ truth, scores, units }, i) {
    const [from, to] = [i * units, (i + 1) * units];
    return { truth: truth.subarray(from, to), prediction: scores.subarray(from, to) };
  },

  decision: () => ({ kind: 'value' }),
};
