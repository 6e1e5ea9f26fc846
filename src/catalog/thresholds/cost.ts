import * as z from 'zod';
import { atLeastZero, once } from '../fields.ts';
import type { ThresholdEntry } from './threshold.ts';

const schema = once(() =>
  z.strictObject({
    false_positive: atLeastZero()
      .default(1)
      .describe('What an example costs that is wrongly taken for positive.'),
    false_negative: atLeastZero().default(1).describe('What a positive example costs that is missed.'),
  }),
);

/** The least cost of mistakes, summed over the validation examples (Elkan 2001). */
export const cost: ThresholdEntry<z.infer<ReturnType<typeof schema>>> = {
  name: 'cost',
  help: 'the least cost of mistakes',
  get schema() {
    return schema();
  },
  needs: ['classes', 'labels'],
  worth: ({ fp, fn }, { false_positive, false_negative }) => [-(fp * false_positive + fn * false_negative)],
  says: ({ false_positive, false_negative }) =>
    `least cost, ${false_positive} a false positive, ${false_negative} a false negative`,
};
