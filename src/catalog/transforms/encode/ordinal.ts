import * as z from 'zod';
import { Misfit } from '../../../base/misfit.ts';
import { number, once } from '../../fields.ts';
import type { TransformEntry } from '../transform.ts';
import { overRows } from '../words.ts';
import { applyLookup, emitLookup } from './lookup.ts';

interface OrdinalParams {
  readonly order: readonly string[] | null;
  readonly unknown_value: number;
}

const schema = once(() =>
  z.strictObject({
    order: z
      .array(z.string())
      .min(1)
      .nullable()
      .default(null)
      .describe(
        'levels from 0 up: [low, middle, high]; when left out numbers by value, then texts by code unit',
      ),
    unknown_value: number().default(-1).describe('of a level that no training row has'),
  }),
);

/** scikit-learn's OrdinalEncoder: 0, 1, 2, … by the order of the levels. Missing values stay missing. */
export const ordinal: TransformEntry<OrdinalParams> = {
  name: 'ordinal',
  help: 'the number of its level, for categories that have an order',
  get schema() {
    return schema();
  },
  stateless: false,
  accepts: ['category'],
  missing: true,
  shape: (input) => input,
  fit(rows, { order, unknown_value: unknown }) {
    const columns = rows.columns ?? [];
    const values: number[] = [];
    for (const { name, levels = [] } of columns) {
      const strange = order && levels.find((level) => !order.includes(level));
      if (strange != null)
        throw new Misfit('order', `\`order\` lacks \`${strange}\`, which training rows of \`${name}\` have`, {
          field: 'order',
          help: 'add it at its place, or name the columns that the order is for in `columns`',
        });
      values.push(...levels.map((level, i) => (order ? order.indexOf(level) : i)));
    }
    return {
      summary: `${columns.map((c) => `${c.levels?.length ?? 0} levels`).join(', ')} ${overRows(rows.count)}`,
      shape: rows.shape,
      columns: columns.map(({ name }, from) => ({ name, kind: 'number', from })),
      vectors: {
        values: Float64Array.from(values),
        sizes: Float64Array.from(columns, (c) => c.levels?.length ?? 0),
        unknown: Float64Array.of(unknown),
      },
    };
  },
  apply: applyLookup,
  emit: emitLookup,
};
