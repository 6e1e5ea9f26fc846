import { DEFAULT_LOSS } from '../sections/objective.ts';
import { listed } from '../words.ts';
import type { Check } from './check.ts';

const TASKS = { class: 'classification', number: 'regression' } as const;

/** Losses and metrics belong to a task. */
export const checkTask: Check = ({ task, loss, metrics = [], baselines = [], catalogues }, report) => {
  if (!task) return;
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
