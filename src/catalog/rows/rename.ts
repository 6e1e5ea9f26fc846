import * as z from 'zod';
import { Misfit } from '../../base/misfit.ts';
import { identifier } from '../../readers/table/sql-text.ts';
import { once } from '../fields.ts';
import type { RowStepEntry } from './row-step.ts';

const schema = once(() =>
  z.record(z.string().min(1), z.string().min(1)).describe('old name: new name, for each'),
);

/** Gives columns other names. */
export const rename: RowStepEntry<Readonly<Record<string, string>>> = {
  name: 'rename',
  help: 'give columns other names',
  get schema() {
    return schema();
  },
  renames: (pairs) => pairs,
  async sql(pairs, table) {
    table.known(Object.keys(pairs));
    const named = (old: string) => (Object.hasOwn(pairs, old) ? pairs[old]! : old);
    const seen = new Set(['__row']);
    for (const name of table.columns.map(named)) {
      if (seen.has(name.toLowerCase()))
        throw new Misfit('column-name', `\`rename\` makes two columns \`${name}\``, {
          help: 'choose another name',
        });
      seen.add(name.toLowerCase());
    }
    const list = table.columns.map((old) => `${identifier(old)} AS ${identifier(named(old))}`);
    return `SELECT ${list.join(', ')}, __row FROM t`;
  },
};
