import * as z from 'zod';
import { Misfit } from '../../base/misfit.ts';
import { identifier } from '../../readers/table/sql-text.ts';
import { number, once } from '../fields.ts';
import type { RowStepEntry } from './row-step.ts';

type Limits = readonly [number | null, number | null];

const schema = once(() =>
  z
    .record(z.string().min(1), z.tuple([number().nullable(), number().nullable()]))
    .refine(
      (limits) => Object.values(limits).every(([low, high]) => low === null || high === null || low <= high),
      {
        error: 'expected [lowest, highest] for each column',
      },
    )
    .describe(
      'lowest and highest value of each column, null for no limit: { age: [0, 120] }; values beyond become the limit. Limits that are learned are a step of data.features, `clip`',
    ),
);

/**
 * Values beyond limits that are known beforehand become the limit. Limits learned from the data (quantiles,
 * deviations) belong into `data.features`: here they would leak from test rows into training rows.
 */
export const clipOutliers: RowStepEntry<Readonly<Record<string, Limits>>> = {
  name: 'clip_outliers',
  help: 'values beyond given limits become the limit',
  get schema() {
    return schema();
  },
  async sql(limits, table) {
    table.known(Object.keys(limits));
    if (Object.keys(limits).length === 0)
      throw new Misfit('no-columns', '`clip_outliers` names no column', {
        help: 'add one: { age: [0, 120] }',
      });
    const list = table.columns.map((name) => {
      const c = identifier(name);
      if (!Object.hasOwn(limits, name)) return c;
      const [low, high] = limits[name]!;
      const cases = [
        ...(low === null ? [] : [`WHEN ${c} < ${low} THEN ${low}`]),
        // A missing value stays one: NaN is larger than all numbers in SQL.
        ...(high === null ? [] : [`WHEN ${c} > ${high} AND NOT isnan(${c}::DOUBLE) THEN ${high}`]),
      ];
      return cases.length === 0 ? c : `(CASE ${cases.join(' ')} ELSE ${c} END)::DOUBLE AS ${c}`;
    });
    return `SELECT ${[...list, '__row'].join(', ')} FROM t`;
  },
};
