import * as z from 'zod';
import { identifier } from '../../readers/table/sql-text.ts';
import { once } from '../fields.ts';
import type { RowStepEntry } from './row-step.ts';

interface ColumnsParams {
  readonly columns: readonly string[] | null;
}
const columnsField = (meaning: string) =>
  z.strictObject({
    columns: z.array(z.string().min(1)).min(1).nullable().default(null).describe(meaning),
  });
const duplicates = once(() => columnsField('columns that make rows equal; all when left out'));
const missing = once(() => columnsField('columns that must have a value; all when left out'));

/** Keeps the first of equal rows; missing values are equal to each other. */
export const dropDuplicates: RowStepEntry<ColumnsParams> = {
  name: 'drop_duplicates',
  help: 'of equal rows keep the first',
  whole: true,
  get schema() {
    return duplicates();
  },
  async sql({ columns }, table) {
    if (columns) table.known(columns);
    const keys = (columns ?? table.columns).map(identifier).join(', ');
    return `SELECT * FROM t QUALIFY row_number() OVER (PARTITION BY ${keys} ORDER BY __row) = 1`;
  },
};

/** Leaves out rows with missing values. */
export const dropMissing: RowStepEntry<ColumnsParams> = {
  name: 'drop_missing',
  help: 'leave out rows that lack a value',
  get schema() {
    return missing();
  },
  async sql({ columns }, table) {
    if (columns) table.known(columns);
    const present = (columns ?? table.columns).map((name) => `${identifier(name)} IS NOT NULL`);
    return `SELECT * FROM t WHERE ${present.join(' AND ')}`;
  },
};
