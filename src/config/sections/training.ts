import * as z from 'zod';
import type { Typed } from '../../catalog/entry.ts';
import { positiveField } from '../../catalog/thresholds/threshold.ts';
import type { Catalogues } from '../catalogues.ts';
import type { Config, Task, TrainingConfig } from '../config.ts';
import { checkFields, knownKeys, wrongValue } from '../fields.ts';
import type { Problems } from '../problems.ts';
import type { MapTree, Tree } from '../tree.ts';
import { checkTyped, type Fields, type Kind, knownName } from '../typed.ts';
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
    score_train: z
      .boolean()
      .default(false)
      .describe(
        'Score the final weights on the training rows too; else train metrics are the running means of the last epoch.',
      ),
    checkpoint_every: z.int().min(1).default(1).describe('Epochs between checkpoints.'),
  });

export const expectSchema = () =>
  z.array(z.string()).default([]).describe('Gates for CI, e.g. "test.accuracy >= 0.97".');

export const DEFAULT_METRICS: Readonly<Record<Task, readonly string[]>> = {
  classification: ['accuracy', 'precision', 'sensitivity', 'specificity', 'f1'],
  multilabel_classification: ['f1_micro', 'f1_macro', 'subset_accuracy', 'hamming_loss', 'average_precision'],
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

export interface Evaluation {
  /** Names that exist, in the user's order; undefined where the list itself is wrong. */
  readonly metrics?: readonly string[];
  readonly baselines?: 'auto' | readonly string[];
  readonly calibration?: Config['evaluation']['calibration'];
  readonly threshold?: Config['evaluation']['threshold'];
}

const EVALUATION_KEYS = ['metrics', 'baselines', 'calibration', 'threshold'];

export function checkEvaluation(
  tree: Tree | undefined,
  root: MapTree,
  task: Task,
  catalogues: Catalogues,
  problems: Problems,
): Evaluation {
  const written = sectionMap(tree, root, 'evaluation', problems);
  if (!written) return {};
  const { entries } = knownKeys(written, EVALUATION_KEYS, 'evaluation', problems);
  const [metrics, baselines] = [entries.get('metrics'), entries.get('baselines')];
  return {
    metrics: metrics
      ? knownNames(metrics, 'metric', [...catalogues.metrics.keys()], problems)
      : DEFAULT_METRICS[task].filter((name) => catalogues.metrics.has(name)),
    baselines: checkBaselines(baselines, catalogues, problems),
    calibration: choice(
      entries.get('calibration'),
      { noun: 'calibration', entries: catalogues.calibrations },
      problems,
    ),
    threshold: choice(
      entries.get('threshold'),
      { noun: 'threshold', entries: catalogues.thresholds, shared: positiveField() },
      problems,
    ) as Evaluation['threshold'],
  };
}

/** What is made on validation once training is over; nothing by default. */
const choice = (tree: Tree | undefined, kind: Kind, problems: Problems): Typed<Fields> | null | undefined =>
  !tree || (tree.kind === 'scalar' && tree.value === null) ? null : checkTyped(tree, kind, problems);

/** `auto`, `none`, or a list of names. */
function checkBaselines(
  tree: Tree | undefined,
  catalogues: Catalogues,
  problems: Problems,
): Evaluation['baselines'] {
  if (!tree) return 'auto';
  if (tree.kind === 'scalar' && tree.value === 'auto') return 'auto';
  if (tree.kind === 'scalar' && tree.value === 'none') return [];
  return knownNames(tree, 'baseline', [...catalogues.baselines.keys()], problems);
}

/** A list of different names that exist. */
function knownNames(
  tree: Tree,
  noun: string,
  known: readonly string[],
  problems: Problems,
): string[] | undefined {
  const names = texts(tree, `\`${noun}s\` of evaluation`, `a list of ${noun}s`, problems);
  if (!names) return undefined;
  const good: string[] = [];
  for (const { text, tree: at } of names) {
    const name = knownName(noun, text, at.position, known, problems);
    if (name === undefined) continue;
    if (!good.includes(name)) good.push(name);
    else if (name === text)
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
