import * as z from 'zod';
import { Misfit } from '../../base/misfit.ts';
import { identifier } from '../../readers/table/sql-text.ts';
import { once } from '../fields.ts';
import type { RowStepEntry } from './row-step.ts';

const schema = once(() =>
  z
    .record(z.string().min(1), z.string().min(1))
    .describe('new or changed columns, each by an SQL expression: { ratio: "length / depth" }'),
);

/** Adds or replaces columns; each sees the table as it was before the step. */
export const derive: RowStepEntry<Readonly<Record<string, string>>> = {
  name: 'derive',
  help: 'new columns computed from the others, one SQL expression each',
  get schema() {
    return schema();
  },
  computes: (columns) => Object.keys(columns),
  async sql(columns, table) {
    const made = new Map<string, string>();
    for (const [name, text] of Object.entries(columns)) {
      const clash = table.columns.find((c) => c !== name && c.toLowerCase() === name.toLowerCase());
      if (clash !== undefined)
        throw new Misfit('column-name', `\`${name}\` and \`${clash}\` differ in case only`, {
          field: name,
          help: 'choose another name',
        });
      try {
        made.set(name, await table.expression(text));
      } catch (error) {
        if (!(error instanceof Misfit)) throw error;
        throw new Misfit(error.code, error.message, { help: error.help, field: name });
      }
    }
    const kept = table.columns.map((c) =>
      made.has(c) ? `${made.get(c)} AS ${identifier(c)}` : identifier(c),
    );
    const added = [...made]
      .filter(([name]) => !table.columns.includes(name))
      .map(([name, sql]) => `${sql} AS ${identifier(name)}`);
    return `SELECT ${[...kept, ...added, '__row'].join(', ')} FROM t`;
  },
};
