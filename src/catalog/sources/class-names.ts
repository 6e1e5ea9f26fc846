import * as z from 'zod';

export const classNames = () =>
  z
    .array(z.string().min(1))
    .min(2)
    .max(1000)
    .nullable()
    .default(null)
    .describe('names of the classes 0, 1, …; the values themselves when left out');
