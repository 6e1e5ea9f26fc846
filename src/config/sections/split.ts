import * as z from 'zod';
import { fields } from '../declare/fields.ts';
import { finish } from '../declare/section.ts';
import { assumedTask } from './experiment.ts';

/** Shares up to 1 are fractions, whole numbers from 2 are counts of examples. */
const share = () =>
  z
    .number()
    .min(0)
    .refine((n) => n <= 1 || Number.isInteger(n), {
      error: 'expected a fraction up to 1 or a whole number of examples',
    });

const splitSchema = () =>
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

/**
 * `test` and `train` fill each other up to the whole; neither given is 70 : 30. Validation is carved out of
 * training and changes neither.
 */
export const split = finish(
  fields(splitSchema, { help: 'Which examples are for training, validation and test.' }),
  (found, _, __, context) => {
    if (!found) return undefined;
    const strata =
      ['random', 'fixed'].includes(found.type) || (found.type === 'k_fold' && found.column === null);
    const classes = assumedTask(context).offers.includes('classes');
    const stratify: boolean = found.stratify ?? (strata && classes);
    if (found.type === 'fixed') return { ...found, stratify };
    if (found.type === 'k_fold')
      return { ...found, stratify, folds: found.folds ?? 5, shuffle: found.shuffle ?? true };
    let { train, test } = found;
    if (train === null && test === null) [train, test] = [0.7, 0.3];
    else if (test === null && train !== null && train <= 1) test = rest(train);
    else if (train === null && test !== null && test <= 1) train = rest(test);
    return { ...found, train, test, stratify };
  },
);

/** 1 - share, without binary dust: 0.3 for 0.7. */
const rest = (part: number): number => Number((1 - part).toFixed(12));
