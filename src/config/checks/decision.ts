import { Misfit } from '../../base/misfit.ts';
import { fits, type Tag, taskOf } from '../../catalog/tasks/index.ts';
import type { Check } from './check.ts';

/** What is made on validation once training is over: a calibration, a threshold. */
export const checkDecision: Check = (parts, report) => {
  const { calibration, threshold, task: name, data, loss, catalogues, shape } = parts;
  const task = name ? taskOf(name) : undefined;
  const chosen = { calibration, threshold };
  const entries = { calibration: catalogues.calibrations, threshold: catalogues.thresholds };
  for (const key of ['calibration', 'threshold'] as const) {
    if (!chosen[key]) continue;
    const path = ['evaluation', key];
    const entry: { readonly needs: readonly Tag[] } = entries[key].get(chosen[key].type)!;
    if (task && !fits(entry, task))
      report('task', `\`${key}\` is for classes, the task is ${task.name}`, path, {
        help: `remove \`${key}\``,
      });
    // A column that names the parts may name validation: that's known once the data are read.
    const open = data.split?.type === 'fixed' && data.split.column !== null;
    if (data.split && !open && !(data.split.validation > 0))
      report('no-validation', `\`${key}\` is made on validation examples, and the split has none`, path, {
        help: 'add `validation: 0.1` to `data.split`',
      });
  }
  const entry = loss && catalogues.losses.get(loss.type);
  if (calibration && entry?.margins)
    report(
      'metric-loss',
      `\`calibration\` needs probabilities, ${entry.name} gives margins`,
      ['evaluation', 'calibration'],
      { help: 'use `loss: binary_crossentropy`, or remove `calibration`' },
    );
  if (!threshold || !task) return;
  const target = shape && shape.target.kind === task.target.kind ? shape.target : undefined;
  try {
    task.positive?.(threshold.pos_label, target);
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    const field = error.field ? [error.field] : [];
    report(error.code, error.message, ['evaluation', 'threshold', ...field], { help: error.help });
  }
};
