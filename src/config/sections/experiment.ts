import { basename } from 'node:path';
import * as z from 'zod';
import type { EngineConfig, Task } from '../config.ts';
import { checkFields, wrongValue } from '../fields.ts';
import type { Problems } from '../problems.ts';
import { type MapTree, mapAt, only, type Tree } from '../tree.ts';

/** Becomes a folder's name: nothing hidden, no separators, the same on every file system. */
const NAME = /^(?!\.)[A-Za-z0-9._-]{1,64}$/;
const NAME_RULE = 'expected 1 to 64 letters, digits, `.`, `_` or `-`, not starting with `.`';

/** Also for layers: names end up in files and in the plan. */
export const nameSchema = () => z.string().regex(NAME, { error: NAME_RULE });

export const experimentSchema = () =>
  z.strictObject({
    name: nameSchema()
      .optional()
      .describe('Folder of its runs under experiments/; the file name by default.'),
    seed: z.int().min(0).default(42).describe('Start of every random stream.'),
    task: z.enum(['classification', 'regression']).default('classification').describe('What is predicted.'),
  });

export const engineSchema = () =>
  z.strictObject({
    type: z
      .enum(['auto', 'onnx', 'reference'])
      .default('auto')
      .describe('auto picks the fastest; reference is slow and exact, for tests.'),
    provider: z.enum(['cpu']).default('cpu').describe("ONNX Runtime's execution provider."),
    threads: z
      .int()
      .min(1)
      .max(1024)
      .nullable()
      .default(null)
      .describe('Null: as many as the machine offers.'),
    layout: z
      .enum(['fast', 'portable'])
      .default('fast')
      .describe('portable: never anything whose bits depend on the kind of CPU. Today fast is the same.'),
  });

export interface Experiment {
  name?: string;
  seed?: number;
  task?: Task;
}

/** `name`, `seed` and `task`, each used even where another is wrong. */
export function checkExperiment(root: MapTree, file: string, problems: Problems): Experiment {
  const out: Experiment = {};
  const schema = experimentSchema();
  for (const key of ['name', 'seed', 'task'] as const) {
    const value = checkFields(only(root, [key]), schema, 'the config', problems);
    Object.assign(out, value && { [key]: value[key] });
  }
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

/** `engine: onnx` or `engine: { type: onnx, threads: 2 }`. */
export function checkEngine(
  tree: Tree | undefined,
  root: MapTree,
  problems: Problems,
): EngineConfig | undefined {
  const map = sectionMap(tree, root, 'engine', problems, (name) => [['type', name]]);
  return map && checkFields(map, engineSchema(), 'engine', problems);
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
