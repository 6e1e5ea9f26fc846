import * as z from 'zod';
import { audits } from '../../catalog/audits/index.ts';
import { entry, optional } from '../declare/entry.ts';
import { field } from '../declare/field.ts';
import { fields } from '../declare/fields.ts';
import { group } from '../declare/group.ts';
import type { Section } from '../declare/section.ts';
import { listed } from '../tree/words.ts';
import { assumedTask } from './experiment.ts';
import { features } from './features.ts';
import { rows } from './rows.ts';
import { split } from './split.ts';

const source = entry((catalogues) => catalogues.sources, {
  description: 'Where examples come from.',
  required: {
    help: (catalogues) => `add \`source\`: ${listed([...catalogues.sources.keys()], 'or')}`,
  },
});

/** A column; of labels the columns, each with two values, or one whose text has them all. */
const target = field(() =>
  z
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
);

const columns = field(() =>
  z
    .record(z.string(), z.enum(['number', 'category', 'binary', 'date', 'text']))
    .default({})
    .describe("Kinds of columns where the one that is found isn't right: `{ zip: category }`."),
);

/** Null: the config's `seed` (see `dataSeed`). */
const seed = field(() =>
  z
    .int()
    .min(0)
    .nullable()
    .default(null)
    .describe(
      'Start of the random streams of the data section (sample, split, features, balance); `seed` of the config when left out.',
    ),
);

/** What happens when a check of the leakage audit finds something, by its name. */
const audit = fields(
  () =>
    z.strictObject(
      Object.fromEntries(
        [...audits.values()].map(({ name, level, help }) => [
          name,
          z.enum(['off', 'warn', 'fail']).default(level).describe(`${help}.`),
        ]),
      ),
    ),
  { help: 'What each check of the leakage audit does when it finds something: off, warn or fail.' },
);

/** How unlike sizes of classes are made up for in training; null: not at all. */
const balance = forClasses(
  optional(
    entry((catalogues) => catalogues.balances, {
      description: 'Evens out classes of different sizes, in the training part only.',
    }),
  ),
);

function forClasses<T>(section: Section<T | null>): Section<T | null> {
  return {
    ...section,
    read(written, place, context) {
      const value = section.read(written, place, context);
      const task = assumedTask(context);
      if (written && value !== null && !task.offers.includes('classes'))
        context.problems.add(
          'task',
          `\`balance\` is for classes, the task is ${task.name}`,
          written.key ?? written.position,
          { help: 'remove it' },
        );
      return value;
    },
  };
}

export const data = group(
  { source, target, columns, seed, rows, split, audit, features, balance },
  {
    help: 'Where the examples come from, how they are split, and how they are prepared.',
    required: { help: () => 'add `data: { source: { type: mnist } }`' },
  },
);
