import type { TargetConfig, Task } from '../config.ts';
import { DEFAULT_LOSS } from '../sections/objective.ts';
import { listed } from '../tree/words.ts';
import type { Check, Report } from './check.ts';

const TASKS = {
  class: 'classification',
  labels: 'multilabel_classification',
  number: 'regression',
} as const;

/** Losses, metrics and the form of the target belong to a task. */
export const checkTask: Check = (parts, report) => {
  const { task, data, loss, metrics = [], baselines = [], catalogues } = parts;
  if (!task) return;
  if (data.target !== undefined) checkTarget(task, data.target, report);
  const entry = loss && catalogues.losses.get(loss.type);
  const tasks = entry?.targets.map((kind) => TASKS[kind]);
  if (tasks && !tasks.includes(task))
    report(
      'task',
      `${entry!.name} is a loss for ${tasks.join(' and ')}, the task is ${task}`,
      ['loss', 'type'],
      {
        help: `use ${DEFAULT_LOSS[task]}, or set \`task: ${tasks[0]}\``,
      },
    );
  const fitting = [...catalogues.metrics.values()].filter((m) => m.tasks.includes(task)).map((m) => m.name);
  metrics.forEach((name) => {
    const metric = catalogues.metrics.get(name)!;
    if (metric.tasks.includes(task)) {
      if (metric.probabilities && entry?.margins)
        report(
          'metric-loss',
          `${name} needs probabilities, ${entry.name} gives margins`,
          ['evaluation', 'metrics', name],
          { help: 'use `loss: binary_crossentropy`, or leave the metric out' },
        );
      return;
    }
    report(
      'task',
      `${name} is a metric for ${metric.tasks.join(' and ')}, the task is ${task}`,
      ['evaluation', 'metrics', name],
      {
        help: `choose ${listed(fitting, 'or')}`,
      },
    );
  });
  for (const name of baselines === 'auto' ? [] : baselines) {
    const { tasks } = catalogues.baselines.get(name)!;
    if (tasks.includes(task)) continue;
    const fit = [...catalogues.baselines.values()].filter((b) => b.tasks.includes(task)).map((b) => b.name);
    const message = `${name} is a baseline for ${tasks.join(' and ')}, the task is ${task}`;
    report('task', message, ['evaluation', 'baselines', name], { help: `choose ${listed(fit, 'or')}` });
  }
};

const LABELS = 'multilabel_classification';

/** Several targets are labels, and labels are several. */
function checkTarget(task: Task, target: TargetConfig | null, report: Report): void {
  const at = ['data', 'target'];
  const several = target !== null && typeof target !== 'string';
  if (task === LABELS && !several)
    report('target-labels', `${LABELS} has several targets; \`target\` names ${target ?? 'none'}`, at, {
      help: 'name a column for each label, `target: [red, round]`, or the one that lists them, `{ column: tags, separator: ";" }`',
    });
  else if (task !== LABELS && several)
    report('target-labels', `several targets are for ${LABELS}, the task is ${task}`, at, {
      help: `set \`task: ${LABELS}\`, or name one column`,
    });
  else if (Array.isArray(target) && target.length < 2)
    report('target-labels', 'labels are two columns or more', at, {
      help:
        target.length === 0
          ? 'name them'
          : `for the one column write \`target: ${target[0]}\` and \`task: classification\``,
    });
}
