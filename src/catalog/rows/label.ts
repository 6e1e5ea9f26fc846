import * as z from 'zod';
import { Misfit } from '../../base/misfit.ts';
import { identifier, literal } from '../../readers/table/sql-text.ts';
import { once } from '../fields.ts';
import type { RowStepEntry } from './row-step.ts';

interface LabelParams {
  readonly column: string;
  readonly rules: Readonly<Record<string, string>>;
  readonly otherwise: string | null;
}

const schema = once(() =>
  z.strictObject({
    column: z.string().min(1).describe('the new column; name it as `target` to predict it'),
    rules: z
      .record(z.string().min(1), z.string().min(1))
      .refine((rules) => Object.keys(rules).length > 0, { error: 'expected at least one rule' })
      .describe('label: SQL expression, in order; the first one that is true gives the label'),
    otherwise: z
      .string()
      .min(1)
      .nullable()
      .default(null)
      .describe('label of rows for which no rule is true; when left out they have none'),
  }),
);

/** Gives each row a class by rules, as one would by hand in a spreadsheet. */
export const label: RowStepEntry<LabelParams> = {
  name: 'label',
  help: 'a new column of classes, made by rules',
  get schema() {
    return schema();
  },
  async sql({ column, rules, otherwise }, table) {
    const taken = table.columns.find((name) => name.toLowerCase() === column.toLowerCase());
    if (taken !== undefined)
      throw new Misfit('column-name', `there is a column \`${taken}\` already`, {
        field: 'column',
        help: 'choose another name, or `drop` that one first',
      });
    const cases: string[] = [];
    for (const [name, rule] of Object.entries(rules))
      cases.push(`WHEN ${await table.expression(rule)} THEN ${literal(name)}`);
    const rest = otherwise === null ? 'NULL' : literal(otherwise);
    return `SELECT *, (CASE ${cases.join(' ')} ELSE ${rest} END)::VARCHAR AS ${identifier(column)} FROM t`;
  },
};
