import * as z from 'zod';
import { Misfit } from '../../base/misfit.ts';
import { identifier } from '../../readers/table/sql-text.ts';
import { once } from '../fields.ts';
import type { RowStepEntry } from './row-step.ts';

const names = () => z.array(z.string().min(1)).min(1);
const selectSchema = once(() =>
  names().describe('columns to keep, in this order; the target must be among them'),
);
const dropSchema = once(() => names().describe('columns to leave out'));

/** Keeps columns, in the order given. */
export const select: RowStepEntry<readonly string[]> = {
  name: 'select',
  help: 'keep these columns only',
  get schema() {
    return selectSchema();
  },
  async sql(columns, table) {
    table.known(columns);
    return `SELECT ${[...new Set(columns)].map(identifier).join(', ')}, __row FROM t`;
  },
};

/** Leaves columns out. */
export const drop: RowStepEntry<readonly string[]> = {
  name: 'drop',
  help: 'leave these columns out',
  get schema() {
    return dropSchema();
  },
  async sql(columns, table) {
    table.known(columns);
    const rest = table.columns.filter((name) => !columns.includes(name));
    if (rest.length === 0)
      throw new Misfit('no-columns', '`drop` leaves no column', { help: 'name fewer columns' });
    return `SELECT ${rest.map(identifier).join(', ')}, __row FROM t`;
  },
};
