import * as z from 'zod';
import { once } from '../fields.ts';

/** Every step of `data.features` may say which columns it is for. */
export const columnsField = once(() =>
  z.strictObject({
    columns: z
      .array(z.string().min(1))
      .min(1)
      .nullable()
      .default(null)
      .describe('columns of a table to which the step applies; all suitable ones when left out'),
  }),
);
