import { Misfit } from '../../base/misfit.ts';
import { invariant } from '../../errors.ts';
import type { ScatterExhibit } from '../../protocol/exhibits.ts';
import type { NumberPredictions } from '../../protocol/predictions.ts';
import type { NumberTarget } from '../../protocol/target.ts';
import { numbersIn, textsIn } from './cells.ts';
import { counted } from './count.ts';
import type { TargetForm, TaskEntry } from './task.ts';

export const numberTarget: TargetForm<NumberTarget> = {
  kind: 'number',
  outputs: ({ columns }) => columns,
  y: ({ columns }) => ({ shape: [columns.length], dtype: 'f32' }),
  truth: ({ columns }, count) => new Float32Array(count * columns.length),
  named: ({ columns }) => columns.join(', '),
  summary({ columns }, values) {
    const width = columns.length;
    const count = values.length / width;
    const numbers = columns.map((name, j) => {
      const own = Float64Array.from({ length: count }, (_, i) => values[i * width + j]!);
      const mean = own.reduce((a, b) => a + b, 0) / own.length;
      const square = own.reduce((sum, v) => sum + (v - mean) ** 2, 0) / own.length;
      return { name, mean, std: Math.sqrt(square) };
    });
    return { numbers };
  },
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

  read({ truth, prediction }) {
    const predictions: NumberPredictions = {
      form: 'numbers',
      count: truth.length,
      units: truth[0]?.length ?? 1,
      scores: numbersIn(prediction),
      truth: numbersIn(truth),
    };
    return { predictions, truth: textsIn(truth), predicted: textsIn(prediction) };
  },

  answers: 'distance',
  describe: ({ truth, scores, units }, i) => {
    const text = (values: Float32Array) =>
      Array.from(values.subarray(i * units, (i + 1) * units), numberText).join(', ');
    return { truth: text(truth), prediction: text(scores) };
  },
  exhibits: (p, { columns }) => [{ kind: 'scatter', plots: columns.slice(0, MOST_PLOTS).map(plotOf(p)) }],

  decision: () => ({ kind: 'value' }),
};

const MOST_PLOTS = 4;
const MOST_POINTS = 800;

/** Six significant digits; nothing for what is no number. */
const numberText = (value: number): string =>
  Number.isNaN(value) ? '' : String(Number(value.toPrecision(6)));

/** Truth against prediction of one target, examples spread evenly over all. */
const plotOf =
  ({ count, units, truth, scores }: NumberPredictions) =>
  (name: string, j: number): ScatterExhibit['plots'][number] => {
    const shown = Math.min(count, MOST_POINTS);
    const round = (value: number) => Number(value.toPrecision(6));
    const points = Array.from({ length: shown }, (_, k) => {
      const at = Math.floor((k * count) / shown) * units + j;
      return [round(truth[at]!), round(scores[at]!)] as const;
    });
    return { name, points };
  };
