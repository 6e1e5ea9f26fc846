import { basename } from 'node:path';
import * as z from 'zod';
import type { Task } from '../config.ts';
import { checkFields, wrongValue } from '../fields.ts';
import type { Problems } from '../problems.ts';
import { child, type MapTree, mapAt, only, type Tree } from '../tree.ts';

/** Becomes a folder's name: nothing hidden, no separators, the same on every file system. */
const NAME = /^(?!\.)[A-Za-z0-9._-]{1,64}$/;
const NAME_RULE = 'expected 1 to 64 letters, digits, `.`, `_` or `-`, not starting with `.`';

/** Runs of one config. */
const MOST_RUNS = 1000;

/** Also for layers: names end up in files and in the plan. */
export const nameSchema = () => z.string().regex(NAME, { error: NAME_RULE });

export const experimentSchema = () =>
  z.strictObject({
    name: nameSchema()
      .optional()
      .describe('Folder of its runs under experiments/; the file name by default.'),
    seed: z.int().min(0).default(42).describe('Start of every random stream.'),
    seeds: z
      .union([z.int().min(2).max(MOST_RUNS), z.array(z.int().min(0)).min(2).max(MOST_RUNS)])
      .nullable()
      .default(null)
      .describe(
        'Several runs of the same config on the same data, with mean and interval of each metric: how many, counted up from `seed`, or a list.',
      ),
    task: z
      .enum(['classification', 'multilabel_classification', 'regression'])
      .default('classification')
      .describe(
        'What is predicted: one of several classes, any number of labels (`target` names several), or a number.',
      ),
  });

export interface Experiment {
  name?: string;
  seed?: number;
  seeds?: readonly number[] | null;
  task?: Task;
}

/** `name`, `seed`, `seeds` and `task`, each used even where another is wrong. */
export function checkExperiment(root: MapTree, file: string, problems: Problems): Experiment {
  const out: Experiment = {};
  const schema = experimentSchema();
  for (const key of ['name', 'seed', 'task'] as const) {
    const value = checkFields(only(root, [key]), schema, 'the config', problems);
    Object.assign(out, value && { [key]: value[key] });
  }
  out.seeds = checkSeeds(root, out.seed ?? 0, schema, problems);
  if (!root.entries.has('name')) {
    const stem = basename(file).replace(/\.ya?ml$/, '');
    if (NAME.test(stem)) out.name = stem;
    else
      problems.add('missing-key', 'the file name is no name for an experiment', root.position, {
        help: 'add `name` with letters, digits, `.`, `_` or `-`',
      });
  }
  return out;
}

/** The seeds themselves: `seeds: 3` counts up from `seed`. */
function checkSeeds(
  root: MapTree,
  first: number,
  schema: ReturnType<typeof experimentSchema>,
  problems: Problems,
): readonly number[] | null | undefined {
  const found = checkFields(only(root, ['seeds']), schema, 'the config', problems)?.seeds;
  if (typeof found === 'number' && !Number.isSafeInteger(first + found))
    problems.add(
      'wrong-value',
      `\`seeds\` counts ${found} up from ${first}: that is beyond 2^53`,
      child(root, 'seeds')!.position,
      {
        help: 'lower `seed`',
      },
    );
  if (typeof found === 'number') return Array.from({ length: found }, (_, i) => first + i);
  const twice = found?.find((seed, i) => found.indexOf(seed) < i);
  if (twice !== undefined)
    problems.add(
      'duplicate-seed',
      `seed ${twice} stands in \`seeds\` twice`,
      child(root, 'seeds')!.position,
      {
        help: 'the same seed gives the same run: remove one',
      },
    );
  return found;
}

/** A section as a map; an absent one is empty, a bare name what `expand` makes of it. */
export function sectionMap(
  tree: Tree | undefined,
  root: MapTree,
  owner: string,
  problems: Problems,
  expand?: (name: Tree) => [string, Tree][],
): MapTree | undefined {
  if (!tree) return mapAt(root);
  if (tree.kind === 'map') return tree;
  if (expand && tree.kind === 'scalar' && typeof tree.value === 'string') return mapAt(tree, expand(tree));
  wrongValue(`\`${owner}\``, `a map of its fields${expand ? ' or a name' : ''}`, tree, problems);
  return undefined;
}
