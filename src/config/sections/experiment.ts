import { basename } from 'node:path';
import * as z from 'zod';
import { type AnyTask, taskOf, tasks, USUAL_TASK } from '../../catalog/tasks/index.ts';
import { field } from '../declare/field.ts';
import { type Context, finish, valueAbove } from '../declare/section.ts';
import type { Problems } from '../tree/problems.ts';
import type { Tree } from '../tree/tree.ts';

/** Becomes a folder's name: nothing hidden, no separators, the same on every file system. */
const NAME = /^(?!\.)[A-Za-z0-9._-]{1,64}$/;
const NAME_RULE = 'expected 1 to 64 letters, digits, `.`, `_` or `-`, not starting with `.`';

/** Runs of one config. */
const MOST_RUNS = 1000;

/** Also for layers: names end up in files and in the plan. */
export const nameSchema = () => z.string().regex(NAME, { error: NAME_RULE });

/** The file's name where none is written. */
export const name = finish(
  field(() =>
    nameSchema().optional().describe('Folder of its runs under experiments/; the file name by default.'),
  ),
  (value, written, { parent }, { file, problems }): string | undefined => {
    if (written) return value;
    const stem = basename(file).replace(/\.ya?ml$/, '');
    if (NAME.test(stem)) return stem;
    problems.add('missing-key', 'the file name is no name for an experiment', parent.position, {
      help: 'add `name` with letters, digits, `.`, `_` or `-`',
    });
    return undefined;
  },
);

export const seed = field(() => z.int().min(0).default(42).describe('Start of every random stream.'));

/** The seeds themselves: `seeds: 3` counts up from `seed`. Null: a single run. */
export const seeds = finish(
  field(() =>
    z
      .union([z.int().min(2).max(MOST_RUNS), z.array(z.int().min(0)).min(2).max(MOST_RUNS)])
      .nullable()
      .default(null)
      .describe(
        'Several runs of the same config on the same data, with mean and interval of each metric: how many, counted up from `seed`, or a list.',
      ),
  ),
  (found, written, _, context): readonly number[] | null | undefined => {
    if (typeof found === 'number')
      return countUp(valueAbove(seed, context) ?? 0, found, written!, context.problems);
    const twice = found?.find((one, i) => found.indexOf(one) < i);
    if (twice !== undefined)
      context.problems.add('duplicate-seed', `seed ${twice} stands in \`seeds\` twice`, written!.position, {
        help: 'the same seed gives the same run: remove one',
      });
    return found;
  },
);

function countUp(first: number, count: number, written: Tree, problems: Problems): number[] {
  if (!Number.isSafeInteger(first + count)) {
    const message = `\`seeds\` counts ${count} up from ${first}: that is beyond 2^53`;
    problems.add('wrong-value', message, written.position, { help: 'lower `seed`' });
  }
  return Array.from({ length: count }, (_, i) => first + i);
}

/** `a, b, or c`. */
const alternatives = (texts: readonly string[]): string =>
  `${texts.slice(0, -1).join(', ')}, or ${texts.at(-1)}`;

export const task = field(() =>
  z
    .enum([...tasks.keys()] as [string, ...string[]])
    .default(USUAL_TASK)
    .describe(`What is predicted: ${alternatives([...tasks.values()].map(({ help }) => help))}.`),
);

/** The task by which others find their defaults; the usual one where what is written is wrong. */
export const assumedTask = (context: Context): AnyTask => taskOf(valueAbove(task, context) ?? USUAL_TASK);
