import { Misfit } from '../../base/misfit.ts';
import { positiveClass } from '../../catalog/thresholds/index.ts';
import type { Check } from './check.ts';

/** What is made on validation once training is over: a calibration, a threshold. */
export const checkDecision: Check = (parts, report) => {
  const { calibration, threshold, task, data, loss, catalogues, shape } = parts;
  for (const [key, chosen] of Object.entries({ calibration, threshold })) {
    if (!chosen) continue;
    const path = ['evaluation', key];
    if (task === 'regression')
      report('task', `\`${key}\` is for classes, the task is regression`, path, {
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
  if (calibration && entry && !entry.targets.includes('number') && !entry.logits)
    report(
      'metric-loss',
      `\`calibration\` needs probabilities, ${entry.name} gives margins`,
      ['evaluation', 'calibration'],
      { help: 'use `loss: binary_crossentropy`, or remove `calibration`' },
    );
  if (task === 'multilabel_classification' && threshold && threshold.pos_label !== null)
    report(
      'pos-label',
      'each label has a threshold of its own: `pos_label` has no meaning',
      ['evaluation', 'threshold', 'pos_label'],
      { help: 'remove `pos_label`' },
    );
  if (!threshold || task === 'regression' || shape?.target.kind !== 'class') return;
  try {
    positiveClass(shape.target.classes, threshold.pos_label);
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    const field = error.field ? [error.field] : [];
    report(error.code, error.message, ['evaluation', 'threshold', ...field], { help: error.help });
  }
};
