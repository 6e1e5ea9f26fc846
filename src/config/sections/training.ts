import * as z from 'zod';
import type { Catalogues } from '../catalogues.ts';
import type { Task, TrainingConfig } from '../config.ts';
import { checkFields, knownKeys, wrongValue } from '../fields.ts';
import type { Problems } from '../problems.ts';
import type { MapTree, Tree } from '../tree.ts';
import { knownName } from '../typed.ts';
import { sectionMap } from './experiment.ts';

const earlyStoppingSchema = (monitor: string) =>
  z.strictObject({
    monitor: z.string().default(monitor).describe('Quantity of an epoch, e.g. val_loss.'),
    patience: z.int().min(0).default(0).describe('Epochs without improvement before it stops.'),
    min_delta: z.number().min(0).default(0).describe('Least change that counts as an improvement.'),
    restore_best_weights: z.boolean().default(true).describe('Go back to the best epoch at the end.'),
  });

/** @param monitor what early stopping watches by default: `val_loss` where there is a validation part */
export const trainingSchema = (monitor = 'val_loss') =>
  z.strictObject({
    batch_size: z.int().min(1).default(32).describe('Examples in one step.'),
    epochs: z.int().min(1).default(1).describe('Times that training sees every example.'),
    shuffle: z.boolean().default(true).describe('A new order in every epoch.'),
    early_stopping: earlyStoppingSchema(monitor).nullable().default(null),
    stop_when: z
      .string()
      .nullable()
      .default(null)
      .describe('End after an epoch that fits, e.g. "accuracy >= 1".'),
    checkpoint_every: z.int().min(1).default(1).describe('Epochs between checkpoints.'),
  });

export const expectSchema = () =>
  z.array(z.string()).default([]).describe('Gates for CI, e.g. "test.accuracy >= 0.97".');

export const DEFAULT_METRICS: Readonly<Record<Task, readonly string[]>> = {
  classification: ['accuracy', 'precision', 'sensitivity', 'specificity', 'f1'],
  regression: ['mean_absolute_error', 'root_mean_squared_error', 'r2'],
};

export function checkTraining(
  tree: Tree | undefined,
  root: MapTree,
  monitor: string,
  problems: Problems,
): TrainingConfig | undefined {
  const map = sectionMap(tree, root, 'training', problems);
  return map && checkFields(map, trainingSchema(monitor), 'training', problems);
}

/** Metric names that exist, in the user's order; undefined where the list itself is wrong. */
export function checkEvaluation(
  tree: Tree | undefined,
  root: MapTree,
  task: Task,
  catalogues: Catalogues,
  problems: Problems,
): string[] | undefined {
  const map = sectionMap(tree, root, 'evaluation', problems);
  if (!map) return undefined;
  const metrics = knownKeys(map, ['metrics'], 'evaluation', problems).entries.get('metrics');
  if (!metrics) return DEFAULT_METRICS[task].filter((name) => catalogues.metrics.has(name));
  const names = texts(metrics, '`metrics` of evaluation', 'a list of metrics', problems);
  if (!names) return undefined;
  const good: string[] = [];
  for (const { text, tree: at } of names) {
    const metric = knownName('metric', text, at.position, [...catalogues.metrics.keys()], problems);
    if (metric === undefined) continue;
    if (!good.includes(metric)) good.push(metric);
    else if (metric === text)
      problems.add('duplicate-name', `\`${text}\` stands here twice`, at.position, { help: 'remove one' });
  }
  return good;
}

export function checkExpect(tree: Tree | undefined, problems: Problems): string[] | undefined {
  if (!tree) return [];
  return texts(tree, '`expect`', 'a list of texts such as "test.accuracy >= 0.97"', problems)?.map(
    (t) => t.text,
  );
}

function texts(
  tree: Tree,
  what: string,
  expected: string,
  problems: Problems,
): { text: string; tree: Tree }[] | undefined {
  if (tree.kind !== 'list') {
    const help = tree.kind === 'scalar' && tree.value !== null ? 'put it in brackets: `[…]`' : undefined;
    wrongValue(what, expected, tree, problems, undefined, help);
    return undefined;
  }
  return tree.items.flatMap((item) => {
    if (item.kind === 'scalar' && typeof item.value === 'string') return [{ text: item.value, tree: item }];
    wrongValue(what, expected, item, problems);
    return [];
  });
}
