import * as z from 'zod';
import { fields } from '../declare/fields.ts';
import { valueAbove } from '../declare/section.ts';
import { split } from './split.ts';

const earlyStoppingSchema = (monitor: string) =>
  z.strictObject({
    monitor: z.string().default(monitor).describe('Quantity of an epoch, e.g. val_loss.'),
    patience: z.int().min(0).default(0).describe('Epochs without improvement before it stops.'),
    min_delta: z.number().min(0).default(0).describe('Least change that counts as an improvement.'),
    restore_best_weights: z.boolean().default(true).describe('Go back to the best epoch at the end.'),
  });

/** Early stopping watches `val_loss` where there is a validation part. */
export const training = fields(
  (context) => {
    const validated = !context || (valueAbove(split, context)?.validation ?? 0) > 0;
    return z.strictObject({
      batch_size: z.int().min(1).default(32).describe('Examples in one step.'),
      epochs: z.int().min(1).default(1).describe('Passes over the training part.'),
      shuffle: z.boolean().default(true).describe('A new order in every epoch.'),
      early_stopping: earlyStoppingSchema(validated ? 'val_loss' : 'loss')
        .nullable()
        .default(null)
        .describe('End before the last epoch once a quantity stops improving; null: never.'),
      stop_when: z
        .string()
        .nullable()
        .default(null)
        .describe('End after the first epoch that meets this, e.g. "accuracy >= 1".'),
      score_train: z
        .boolean()
        .default(false)
        .describe(
          'Score the final weights on the training rows too; else train metrics are the running means of the last epoch.',
        ),
      checkpoint_every: z.int().min(1).default(1).describe('Epochs between checkpoints.'),
    });
  },
  { help: 'How long to train, and on how many examples at a time.', lines: true },
);
