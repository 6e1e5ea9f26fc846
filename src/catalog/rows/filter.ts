import * as z from 'zod';
import { once } from '../fields.ts';
import type { RowStepEntry } from './row-step.ts';

const schema = once(() =>
  z.string().min(1).describe('SQL expression; rows for which it is true stay: "year >= 2000"'),
);

/** Keeps the rows for which an expression is true; NULL counts as false, as in SQL. */
export const filter: RowStepEntry<string> = {
  name: 'filter',
  help: 'keep the rows for which an expression is true',
  get schema() {
    return schema();
  },
  sql: async (text, table) => `SELECT * FROM t WHERE ${await table.expression(text)}`,
};
