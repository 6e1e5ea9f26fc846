import * as z from 'zod';
import { Misfit } from '../../base/misfit.ts';
import { identifier } from '../../readers/table/sql-text.ts';
import { once } from '../fields.ts';
import type { RowStepEntry } from './row-step.ts';

interface AggregateParams {
  readonly group_by: readonly string[];
  readonly values: Readonly<Record<string, string>>;
}

const schema = once(() =>
  z.strictObject({
    group_by: z
      .array(z.string().min(1))
      .min(1)
      .describe('columns; one row for each combination of their values'),
    values: z
      .record(z.string().min(1), z.string().min(1))
      .describe('columns to compute over each group: { mean_delay: "avg(delay)", flights: "count(*)" }'),
  }),
);

/** One row for each group, in the order in which the groups first appear. */
export const aggregate: RowStepEntry<AggregateParams> = {
  name: 'aggregate',
  help: 'one row a group, with sums, means, counts',
  whole: true,
  get schema() {
    return schema();
  },
  async sql({ group_by: groups, values }, table) {
    table.known(groups);
    const taken = new Set([...groups.map((g) => g.toLowerCase()), '__row']);
    const made: string[] = [];
    for (const [name, text] of Object.entries(values)) {
      if (taken.has(name.toLowerCase()))
        throw new Misfit('column-name', `\`aggregate\` makes two columns \`${name}\``, {
          field: 'values',
          help: 'choose another name',
        });
      taken.add(name.toLowerCase());
      made.push(`${await table.expression(text, { aggregates: true })} AS ${identifier(name)}`);
    }
    const keys = [...new Set(groups)].map(identifier).join(', ');
    // Sums of doubles depend on their order: one thread reads the table in the order of its rows.
    return `SELECT ${[keys, ...made].join(', ')}, min(t.__row) AS __row FROM t GROUP BY ${keys}`;
  },
};
