import * as z from 'zod';
import { type AuditLevel, audits } from '../../catalog/audits/index.ts';
import type { Entry, Typed } from '../../catalog/entry.ts';
import { columnsField } from '../../catalog/transforms/fields.ts';
import { transformFallbacks } from '../../catalog/transforms/index.ts';
import type { ColumnKind } from '../../readers/raw-data.ts';
import type { Catalogues } from '../catalogues.ts';
import type { Config, SplitConfig, TargetConfig, Task } from '../config.ts';
import { checkFields, knownKeys, wrongValue } from '../fields.ts';
import type { Problems } from '../problems.ts';
import { type MapTree, mapAt, only, type Tree } from '../tree.ts';
import { checkTyped, type Fields, knownName } from '../typed.ts';
import { listed } from '../words.ts';
import { sectionMap } from './experiment.ts';

export type Feature = Config['data']['features'][number];

export type RowStep = Config['data']['rows'][number];

export interface Data {
  source?: Typed<Fields>;
  target?: TargetConfig | null;
  columns?: Readonly<Record<string, ColumnKind>>;
  seed?: number | null;
  /** As many as the list is long; undefined where one is wrong. */
  rows?: (RowStep | undefined)[];
  split?: SplitConfig;
  audit?: Readonly<Record<string, AuditLevel>>;
  /** As many as the list is long; undefined where one is wrong. */
  features?: (Feature | undefined)[];
  balance?: Typed<Fields> | null;
}

export const DATA_KEYS = [
  'source',
  'target',
  'columns',
  'seed',
  'rows',
  'split',
  'audit',
  'features',
  'balance',
];

export const targetSchema = () =>
  z.strictObject({
    target: z
      .union([
        z.string().min(1),
        z
          .array(z.string().min(1))
          .refine((names) => new Set(names).size === names.length, { error: 'expected different columns' }),
        z.strictObject({
          column: z.string().min(1).describe('Column whose text holds the labels of a row.'),
          separator: z.string().min(1).describe('What stands between two labels.'),
        }),
      ])
      .nullable()
      .default(null)
      .describe(
        'Column to predict, where the source has columns. Of multilabel_classification the columns of the labels, each with two values, of which the second is "has it"; or `{ column, separator }`: one column of texts like `red;round`.',
      ),
  });

export const columnsSchema = () =>
  z.strictObject({
    columns: z
      .record(z.string(), z.enum(['number', 'category', 'binary', 'date', 'text']))
      .default({})
      .describe("Kinds of columns where the one that is found isn't right: `{ zip: category }`."),
  });

export const dataSeedSchema = () =>
  z.strictObject({
    seed: z
      .int()
      .min(0)
      .nullable()
      .default(null)
      .describe(
        'Start of the random streams of the data section (sample, split, features, balance); `seed` of the config when left out.',
      ),
  });

const share = () =>
  z
    .number()
    .min(0)
    .refine((n) => n <= 1 || Number.isInteger(n), {
      error: 'expected a fraction up to 1 or a whole number of examples',
    });

export const splitSchema = () =>
  z.strictObject({
    type: z
      .enum(['random', 'fixed', 'group', 'time', 'hash', 'k_fold'])
      .default('random')
      .describe(
        "fixed: the source's own parts, or those that a column names; group: no group in two parts; time: the latest rows are for the test; hash: rows stay in their part when others are added; k_fold: a run for each of `folds` parts, tested on that part.",
      ),
    column: z
      .string()
      .min(1)
      .nullable()
      .default(null)
      .describe(
        'Column that the split goes by; it is no input then. Of hash: all columns when left out; of k_fold: no group is in two folds.',
      ),
    train: share()
      .nullable()
      .default(null)
      .describe('Fraction up to 1, or a number of examples; the rest of `test`, 0.7 without one.'),
    validation: share()
      .default(0)
      .describe('Carved out of the training part: a fraction of it, or a number.'),
    test: share()
      .nullable()
      .default(null)
      .describe(
        'Looked at once, after training; the rest of `train`, 0.3 without one. Of k_fold: set aside from all folds, for one last run.',
      ),
    stratify: z.boolean().nullable().default(null).describe('The same class shares in every part.'),
    folds: z.int().min(2).max(1000).nullable().default(null).describe('Of k_fold: how many, 5 by default.'),
    fold: z
      .union([z.int().min(1), z.literal('final')])
      .nullable()
      .default(null)
      .describe(
        'Of k_fold: only this one, from 1; final: train on all folds. When left out, a run for each.',
      ),
    shuffle: z
      .boolean()
      .nullable()
      .default(null)
      .describe('Of k_fold: rows or groups in a drawn order before they are divided; true by default.'),
    subsample: z
      .number()
      .gt(0)
      .max(1)
      .default(1)
      .describe(
        'Share of the training part that is trained on, drawn by `seed` with its class shares; other parts stay as they are.',
      ),
    score_test: z
      .boolean()
      .default(true)
      .describe('false: the test part is set aside, and this run never sees it.'),
  });

export const auditSchema = () =>
  z.strictObject(
    Object.fromEntries(
      [...audits.values()].map(({ name, level, help }) => [
        name,
        z.enum(['off', 'warn', 'fail']).default(level).describe(`${help}.`),
      ]),
    ),
  );

export function checkData(
  tree: Tree | undefined,
  root: MapTree,
  task: Task,
  catalogues: Catalogues,
  problems: Problems,
): Data {
  if (!tree) {
    problems.add('missing-key', '`data` is missing', root.position, {
      help: 'add `data: { source: { type: mnist } }`',
    });
    return {};
  }
  const written = sectionMap(tree, root, 'data', problems);
  if (!written) return {};
  const map = knownKeys(written, DATA_KEYS, 'data', problems);
  const source = map.entries.get('source');
  if (!source)
    problems.add('missing-key', '`source` is missing in data', map.key ?? map.position, {
      help: `add \`source\`: ${listed([...catalogues.sources.keys()], 'or')}`,
    });
  const target = checkFields(only(map, ['target']), targetSchema(), 'data', problems);
  return {
    source: source && checkTyped(source, { noun: 'source', entries: catalogues.sources }, problems),
    target: target?.target,
    columns: checkFields(only(map, ['columns']), columnsSchema(), 'data', problems)?.columns,
    seed: checkFields(only(map, ['seed']), dataSeedSchema(), 'data', problems)?.seed,
    rows: checkRows(map.entries.get('rows'), catalogues, problems),
    split: checkSplit(map.entries.get('split'), map, task, problems),
    audit: checkAudit(map, problems),
    features: checkFeatures(map.entries.get('features'), catalogues, problems),
    balance: checkBalance(map.entries.get('balance'), task, catalogues, problems),
  };
}

function checkAudit(data: MapTree, problems: Problems): Data['audit'] {
  const map = sectionMap(data.entries.get('audit'), mapAt(data), 'data.audit', problems);
  return map && checkFields(map, auditSchema(), 'audit', problems);
}

/**
 * `test` and `train` fill each other up to the whole; neither given is 70 : 30. Validation is carved out of
 * training and changes neither.
 */
function checkSplit(
  tree: Tree | undefined,
  data: MapTree,
  task: Task,
  problems: Problems,
): SplitConfig | undefined {
  const map = sectionMap(tree, mapAt(data), 'data.split', problems);
  const split = map && checkFields(map, splitSchema(), 'split', problems);
  if (!split) return undefined;
  const strata =
    ['random', 'fixed'].includes(split.type) || (split.type === 'k_fold' && split.column === null);
  const stratify = split.stratify ?? (strata && task === 'classification');
  if (split.type === 'fixed') return { ...split, stratify };
  if (split.type === 'k_fold')
    return { ...split, stratify, folds: split.folds ?? 5, shuffle: split.shuffle ?? true };
  let { train, test } = split;
  if (train === null && test === null) [train, test] = [0.7, 0.3];
  else if (test === null && train !== null && train <= 1) test = rest(train);
  else if (train === null && test !== null && test <= 1) train = rest(test);
  return { ...split, train, test, stratify };
}

/** 1 - share, without binary dust: 0.3 for 0.7. */
const rest = (part: number): number => Number((1 - part).toFixed(12));

function checkBalance(
  tree: Tree | undefined,
  task: Task,
  catalogues: Catalogues,
  problems: Problems,
): Data['balance'] {
  if (!tree || (tree.kind === 'scalar' && tree.value === null)) return null;
  if (task !== 'classification')
    problems.add('task', `\`balance\` is for classes, the task is ${task}`, tree.key ?? tree.position, {
      help: 'remove it',
    });
  return checkTyped(tree, { noun: 'balance', entries: catalogues.balances }, problems);
}

/** `- filter: "x > 0"`, `- drop_missing`: one step with what it needs. */
function checkRows(
  tree: Tree | undefined,
  catalogues: Catalogues,
  problems: Problems,
): (RowStep | undefined)[] | undefined {
  if (!tree) return [];
  if (tree.kind !== 'list') {
    wrongValue('`data.rows`', 'a list of steps', tree, problems, undefined, 'start each one with `- `');
    return undefined;
  }
  return tree.items.map((item) => checkRowStep(item, catalogues.rows, problems));
}

function checkRowStep(
  item: Tree,
  entries: ReadonlyMap<string, Entry<unknown>>,
  problems: Problems,
): RowStep | undefined {
  const bare = item.kind === 'scalar' && typeof item.value === 'string';
  if (!bare && (item.kind !== 'map' || item.entries.size !== 1)) {
    problems.add('wrong-value', 'a step is one key with what it needs', item.position, {
      help: 'write it like `- filter: "age >= 18"`',
    });
    return undefined;
  }
  const map =
    item.kind === 'map' ? item : mapAt(item, [[String((item as { value: unknown }).value), mapAt(item)]]);
  const [name, value] = [...map.entries][0]!;
  const kind = knownName('row step', name, value.key ?? value.position, [...entries.keys()], problems);
  if (kind === undefined) return undefined;
  const given: Tree = value.kind === 'scalar' && value.value === null ? mapAt(value) : value;
  const schema = z.strictObject({ [kind]: entries.get(kind)!.schema });
  const checked = checkFields(mapAt(map, [[kind, given]]), schema as z.ZodType<Fields>, 'rows', problems);
  return checked && { kind, value: checked[kind] };
}

/** `- normalize: standard` or `- normalize: { type: standard, … }`: a kind and one of its types. */
function checkFeatures(
  tree: Tree | undefined,
  catalogues: Catalogues,
  problems: Problems,
): (Feature | undefined)[] | undefined {
  if (!tree) return [];
  if (tree.kind !== 'list') {
    wrongValue(
      '`data.features`',
      'a list of transforms',
      tree,
      problems,
      undefined,
      'start each one with `- `',
    );
    return undefined;
  }
  return tree.items.map((item) => checkFeature(item, catalogues, problems));
}

function checkFeature(item: Tree, catalogues: Catalogues, problems: Problems): Feature | undefined {
  const kinds = [...catalogues.transforms.keys()];
  const example = '`- normalize: standard`';
  // A kind with a usual type needs no more than its name: `- clip_outliers`.
  if (item.kind === 'scalar' && typeof item.value === 'string') {
    const fallback = transformFallbacks.get(item.value);
    if (fallback !== undefined)
      return checkFeature(mapAt(item, [[item.value, mapAt(item)]]), catalogues, problems);
  }
  if (item.kind !== 'map' || item.entries.size !== 1) {
    if (item.kind === 'scalar' && typeof item.value === 'string' && kinds.includes(item.value)) {
      const types = listed([...catalogues.transforms.get(item.value)!.keys()], 'or');
      problems.add('missing-key', `\`${item.value}\` needs a type`, item.position, {
        help: `add one: ${types}`,
      });
    } else
      problems.add('wrong-value', 'a transform is one kind with its type', item.position, {
        help: `write it like ${example}`,
      });
    return undefined;
  }
  const [kind, value] = [...item.entries][0]!;
  const noun = knownName('transform', kind, value.key ?? value.position, kinds, problems);
  if (noun === undefined) return undefined;
  const entries = catalogues.transforms.get(noun)!;
  const fallback = transformFallbacks.get(noun);
  const typed = checkTyped(value, { noun, entries, fallback, shared: columnsField() }, problems);
  return typed && { kind: noun, ...typed };
}
