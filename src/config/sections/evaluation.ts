import { positiveField } from '../../catalog/thresholds/threshold.ts';
import { entry, optional } from '../declare/entry.ts';
import { group } from '../declare/group.ts';
import { names } from '../declare/names.ts';
import type { Section } from '../declare/section.ts';
import { assumedTask } from './experiment.ts';

const metrics = names(
  'metric',
  (catalogues) => catalogues.metrics,
  (context) => assumedTask(context).defaults.metrics.filter((name) => context.catalogues.metrics.has(name)),
  'What is measured; models are compared by the first one. By default the usual ones of the task.',
);

/** Simple models to compare with; `auto`: those that the task allows, within an eighth of the run's time. */
const baselines = autoOrNone(
  names(
    'baseline',
    (catalogues) => catalogues.baselines,
    () => [],
  ),
  'Simple models to compare with; auto: all that the task allows, each with as many rows as fit an eighth of the run’s time.',
);

/** `auto` (the default), `none`, or a list of names. */
function autoOrNone(
  list: Section<readonly string[]>,
  description: string,
): Section<'auto' | readonly string[]> {
  return {
    ...list,
    read(written, place, context) {
      const word = written?.kind === 'scalar' ? written.value : undefined;
      if (!written || word === 'auto') return 'auto';
      return word === 'none' ? [] : list.read(written, place, context);
    },
    jsonSchema: (catalogues) => ({
      description,
      anyOf: [{ enum: ['auto', 'none'] }, list.jsonSchema(catalogues)],
    }),
    resolved: (value) => (value === 'auto' ? value : list.resolved(value)),
  };
}

/** What is made on validation once training is over; nothing by default. */
const calibration = optional(
  entry((catalogues) => catalogues.calibrations, {
    description: 'Calibrates the predicted probabilities; fitted on the validation part.',
  }),
);

const threshold = optional(
  entry((catalogues) => catalogues.thresholds, {
    description: 'How the score from which an example counts as positive is chosen, on the validation part.',
    shared: positiveField,
  }),
);

export const evaluation = group(
  { metrics, baselines, calibration, threshold },
  { help: 'How the model is judged.' },
);
