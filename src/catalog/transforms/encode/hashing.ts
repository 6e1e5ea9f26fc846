import * as z from 'zod';
import { counted } from '../../../base/words.ts';
import { once } from '../../fields.ts';
import type { TransformEntry } from '../transform.ts';
import { murmur3 } from './murmur.ts';
import { eachCode, emitTable } from './table.ts';

interface HashingParams {
  readonly outputs: number;
  readonly alternate_sign: boolean;
}

const schema = once(() =>
  z.strictObject({
    outputs: z.int().min(1).max(100_000).default(32).describe('columns that all levels share'),
    alternate_sign: z
      .boolean()
      .default(true)
      .describe('-1 for half of the levels, so that levels that meet cancel out on average'),
  }),
);

/**
 * scikit-learn's FeatureHasher of `column=level`: each level adds 1 or -1 to one of a fixed number of
 * columns, chosen by its hash. A missing value, and a level that no training row has, adds nothing.
 */
export const hashing: TransformEntry<HashingParams> = {
  name: 'hashing',
  help: 'levels hashed into a fixed number of columns, for categories of very many levels',
  get schema() {
    return schema();
  },
  stateless: false,
  accepts: ['category'],
  missing: true,
  shape: () => undefined,
  fit(rows, { outputs, alternate_sign: signed }) {
    const columns = rows.columns ?? [];
    const slots: number[] = [];
    const signs: number[] = [];
    for (const { name, levels = [] } of columns) {
      for (const level of levels) {
        const hash = murmur3(`${name}=${level}`);
        slots.push(Math.abs(hash) % outputs);
        signs.push(signed && hash < 0 ? -1 : 1);
      }
      slots.push(0, 0);
      signs.push(0, 0); // unknown, missing
    }
    const known = columns.reduce((sum, { levels = [] }) => sum + levels.length, 0);
    return {
      summary: `${counted(known, 'level')} of ${counted(columns.length, 'column')} into ${outputs}`,
      shape: [outputs],
      columns: Array.from({ length: outputs }, (_, i) => ({
        name: `hash_${i + 1}`,
        kind: 'number' as const,
      })),
      vectors: {
        slots: Float64Array.from(slots),
        signs: Float64Array.from(signs),
        sizes: Float64Array.from(columns, ({ levels = [] }) => levels.length),
      },
    };
  },
  apply({ vectors, shape }, rows, count) {
    const { slots, signs, sizes } = vectors as Record<'slots' | 'signs' | 'sizes', Float64Array>;
    const outputs = shape[0]!;
    const out = new Float64Array(count * outputs);
    eachCode(sizes, rows, count, (i, _, row) => {
      const at = i * outputs + slots[row]!;
      out[at] = out[at]! + signs[row]!;
    });
    return out;
  },
  emit(g, x, { vectors, shape }) {
    const { slots, signs, sizes } = vectors as Record<'slots' | 'signs' | 'sizes', Float64Array>;
    const outputs = shape[0]!;
    const rows = new Float64Array(slots.length * outputs);
    slots.forEach((slot, row) => {
      rows[row * outputs + slot] = signs[row]!;
    });
    return emitTable(g, x, { sizes, rows, outputs }).reduce((a, b) => g.add(a, b));
  },
};
