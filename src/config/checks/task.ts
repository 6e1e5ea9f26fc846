import { type AnyTask, fits, type Tag, taskOf, tasks, tasksFor } from '../../catalog/tasks/index.ts';
import type { TargetConfig } from '../config.ts';
import { listed } from '../tree/words.ts';
import type { Check, Report } from './check.ts';

/** Losses, metrics, baselines and the form of the target belong to a task. */
export const checkTask: Check = (parts, report) => {
  const { task: name, data, loss, metrics = [], baselines = [], catalogues } = parts;
  if (!name) return;
  const task = taskOf(name);
  if (data.target !== undefined) checkTarget(task, data.target, report);
  const entry = loss && catalogues.losses.get(loss.type);
  if (entry && !fits(entry, task))
    report('task', otherTask(entry, 'loss', task), ['loss', 'type'], {
      help: `use ${task.defaults.loss}, or set \`task: ${tasksFor(entry)[0]}\``,
    });
  for (const each of metrics) {
    const metric = catalogues.metrics.get(each)!;
    const at = ['evaluation', 'metrics', each];
    if (!fits(metric, task))
      report('task', otherTask(metric, 'metric', task), at, {
        help: `choose ${listed(fitting(catalogues.metrics, task), 'or')}`,
      });
    else if (metric.probabilities && entry?.margins)
      report('metric-loss', `${each} needs probabilities, ${entry.name} gives margins`, at, {
        help: 'use `loss: binary_crossentropy`, or leave the metric out',
      });
  }
  for (const each of baselines === 'auto' ? [] : baselines) {
    const baseline = catalogues.baselines.get(each)!;
    if (fits(baseline, task)) continue;
    report('task', otherTask(baseline, 'baseline', task), ['evaluation', 'baselines', each], {
      help: `choose ${listed(fitting(catalogues.baselines, task), 'or')}`,
    });
  }
};

interface Named {
  readonly name: string;
  readonly needs: readonly Tag[];
}

/** `accuracy is a metric for classification, the task is regression`. */
const otherTask = (entry: Named, noun: string, task: AnyTask): string =>
  `${entry.name} is a ${noun} for ${tasksFor(entry).join(' and ')}, the task is ${task.name}`;

const fitting = (entries: ReadonlyMap<string, Named>, task: AnyTask): string[] =>
  [...entries.values()].filter((entry) => fits(entry, task)).map(({ name }) => name);

/** Several targets are for tasks that have several, and for these alone. */
function checkTarget(task: AnyTask, target: TargetConfig | null, report: Report): void {
  const at = ['data', 'target'];
  const several = target !== null && typeof target !== 'string';
  if (task.several && !several)
    report('target-labels', `${task.name} has several targets; \`target\` names ${target ?? 'none'}`, at, {
      help: 'name a column for each label, `target: [red, round]`, or the one that lists them, `{ column: tags, separator: ";" }`',
    });
  else if (!task.several && several) {
    const names = [...tasks.values()].filter((other) => other.several).map(({ name }) => name);
    report('target-labels', `several targets are for ${names.join(' and ')}, the task is ${task.name}`, at, {
      help: `set \`task: ${names[0]}\`, or name one column`,
    });
  } else if (Array.isArray(target) && target.length < 2)
    report('target-labels', 'labels are two columns or more', at, {
      help:
        target.length === 0
          ? 'name them'
          : `for the one column write \`target: ${target[0]}\` and \`task: classification\``,
    });
}
