import * as z from 'zod';
import type { Counts } from '../../protocol/predictions.ts';
import type { Entry } from '../entry.ts';
import { once } from '../fields.ts';
import type { Tag } from '../tags.ts';

/**
 * What makes one threshold better than another: examples of the positive class are those that score at least
 * it.
 */
export interface ThresholdEntry<P> extends Entry<P> {
  readonly needs: readonly Tag[];
  /** What is made as large as possible on validation, the first number before the others. */
  worth(counts: Counts, params: P): readonly number[];
  /** For people: `sensitivity >= 0.95`. */
  says(params: P): string;
}

/** Of every threshold. */
export const positiveField = once(() =>
  z.strictObject({
    pos_label: z
      .union([z.string(), z.number(), z.boolean()])
      .nullable()
      .default(null)
      .describe('The class that the threshold is for; of two classes the second when left out.'),
  }),
);

/** `at_least` of a required rate. */
export const requiredRate = once(() =>
  z.strictObject({ at_least: z.number().min(0).max(1).describe('The rate that validation has to reach.') }),
);
export type RequiredRate = z.infer<ReturnType<typeof requiredRate>>;
