import * as z from 'zod';
import { Misfit } from '../../base/misfit.ts';
import { identifier } from '../../readers/table/sql-text.ts';
import { once } from '../fields.ts';
import type { RowStepEntry } from './row-step.ts';

interface SampleParams {
  readonly fraction: number | null;
  readonly count: number | null;
  readonly stratify: string | null;
}

const schema = once(() =>
  z
    .strictObject({
      fraction: z.number().gt(0).max(1).nullable().default(null).describe('share of the rows, rounded up'),
      count: z.int().min(1).nullable().default(null).describe('number of rows'),
      stratify: z.string().min(1).nullable().default(null).describe('column whose shares stay the same'),
    })
    .refine((p) => (p.fraction === null) !== (p.count === null), {
      error: 'expected either `fraction` or `count`',
    }),
);

/**
 * Rows drawn without replacement, by the order of a hash of the seed and the row: the same rows on every
 * machine.
 */
export const sample: RowStepEntry<SampleParams> = {
  name: 'sample',
  help: 'a random part of the rows, from the seed',
  whole: true,
  get schema() {
    return schema();
  },
  async sql({ fraction, count, stratify }, table) {
    if (stratify !== null) table.known([stratify]);
    const rows = await table.rows();
    if (count !== null && count > rows)
      throw new Misfit('sample', `\`count\` is ${count}, but there are only ${rows} rows`, {
        field: 'count',
        help: `give at most ${rows}`,
      });
    const share = fraction ?? count! / rows;
    const order = `md5('${table.seed}:' || __row), __row`;
    if (stratify === null)
      return `SELECT * FROM t QUALIFY row_number() OVER (ORDER BY ${order}) <= ${count ?? `ceil(${share} * ${rows})`}`;
    const by = identifier(stratify);
    return (
      `SELECT * FROM t QUALIFY row_number() OVER (PARTITION BY ${by} ORDER BY ${order}) ` +
      `<= ceil(${share} * count(*) OVER (PARTITION BY ${by}))`
    );
  },
};
