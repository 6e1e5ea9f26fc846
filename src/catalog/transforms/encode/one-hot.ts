import * as z from 'zod';
import { Misfit } from '../../../base/misfit.ts';
import { dataError } from '../../../errors.ts';
import type { Node } from '../../../graph/index.ts';
import { once } from '../../fields.ts';
import type { OutColumn, TransformEntry } from '../transform.ts';
import { overRows } from '../words.ts';
import { countLevels } from './levels.ts';

interface OneHotParams {
  readonly min_frequency: number;
  readonly max_categories: number | null;
  readonly unknown: 'ignore' | 'error';
}

const MOST_OUTPUTS = 100_000;

const schema = once(() =>
  z.strictObject({
    min_frequency: z
      .int()
      .min(1)
      .default(1)
      .describe('levels with fewer training rows share one column, `<name>=other`'),
    max_categories: z
      .int()
      .min(2)
      .nullable()
      .default(null)
      .describe('most columns that one column becomes; the rarest levels share `<name>=other`'),
    unknown: z
      .enum(['ignore', 'error'])
      .default('ignore')
      .describe(
        'a level that no training row has: `<name>=other` where there is one, else all zeros; or an error',
      ),
  }),
);

/** Which levels have a column of their own: frequent enough, and of these the most frequent. */
function frequent(counts: Float64Array, params: OneHotParams): boolean[] {
  const keep = Array.from(counts, (count) => count >= params.min_frequency);
  const most = params.max_categories;
  if (most === null || (keep.every(Boolean) && counts.length <= most)) return keep;
  const ranked = [...counts.keys()].filter((i) => keep[i]).sort((a, b) => counts[b]! - counts[a]! || a - b);
  for (const i of ranked.slice(most - 1)) keep[i] = false;
  return keep;
}

/**
 * scikit-learn's OneHotEncoder: a 0/1 column for each level of the training rows, one more for missing values
 * where training rows have any.
 */
export const oneHot: TransformEntry<OneHotParams> = {
  name: 'one_hot',
  help: 'a 0/1 column for each level of a category',
  get schema() {
    return schema();
  },
  stateless: false,
  accepts: ['category'],
  missing: true,
  shape: () => undefined,
  fit(rows, params) {
    const made: OutColumn[] = [];
    const slots: number[] = [];
    const sizes: number[] = [];
    countLevels(rows).forEach(({ column, counts, missing }, from) => {
      const { name, levels = [] } = column;
      const keep = frequent(counts, params);
      const first = made.length;
      const add = (level: string) => made.push({ name: `${name}=${level}`, kind: 'binary', from }) - 1;
      const own = levels.map((level, i) => (keep[i] ? add(level) : -1));
      const other = keep.every(Boolean) ? -1 : add('other');
      const absent = missing > 0 ? add('(missing)') : -1;
      if (made.length === first)
        throw new Misfit('no-levels', `\`${name}\` has no level in the training rows`, {
          help: `leave it out: \`- drop: [${name}]\` in data.rows`,
        });
      sizes.push(levels.length);
      // For each code from 0: its output; then that of an unknown level, then that of a missing value.
      slots.push(...own.map((slot) => (slot < 0 ? other : slot)), other, absent);
    });
    if (made.length > MOST_OUTPUTS)
      throw new Misfit('too-many-levels', `one_hot would make ${made.length} columns`, {
        field: 'max_categories',
        help: 'give `max_categories`, or take `frequency` or `ordinal`',
      });
    return {
      summary: `${sizes.length} -> ${made.length} columns ${overRows(rows.count)}`,
      shape: [made.length],
      columns: made,
      vectors: {
        slots: Float64Array.from(slots),
        sizes: Float64Array.from(sizes),
        strict: Float64Array.of(params.unknown === 'error' ? 1 : 0),
      },
    };
  },
  apply({ vectors, shape, columns }, rows, count) {
    const { slots, sizes, strict } = vectors as {
      slots: Float64Array;
      sizes: Float64Array;
      strict: Float64Array;
    };
    const width = sizes.length;
    const outputs = shape[0]!;
    const out = new Float64Array(count * outputs);
    for (let i = 0; i < count; i++) {
      let at = 0;
      for (let j = 0; j < width; j++) {
        const size = sizes[j]!;
        const code = rows[i * width + j]!;
        const unknown = !(code >= 0 && code < size);
        if (unknown && !Number.isNaN(code) && strict[0])
          throw unknownLevel(columns!.find((c) => c.from === j)!.name.replace(/=.*$/s, ''));
        const slot = slots[at + (Number.isNaN(code) ? size + 1 : unknown ? size : code)]!;
        if (slot >= 0) out[i * outputs + slot] = 1;
        at += size + 2;
      }
    }
    return out;
  },
  emit(g, x, { vectors, shape }) {
    const { slots, sizes } = vectors as { slots: Float64Array; sizes: Float64Array };
    const batch = x.shape[0]!;
    const parts: Node[] = [];
    let at = 0;
    sizes.forEach((size, j) => {
      const code = g.slice(x, [0, j], [batch, j + 1]);
      const known = size + 2;
      const codes = g.constant(
        Float32Array.from({ length: size }, (_, k) => k),
        [size],
      );
      const levels = g.cast(g.equal(g.broadcast(code, [batch, size]), codes), 'f32');
      const missing = g.sub(1, g.cast(g.equal(code, code), 'f32')); // NaN equals nothing, itself neither
      const found = g.reshape(g.sum(levels, [1]), [batch, 1]);
      const unknown = g.sub(g.sub(1, found), missing);
      const hot = g.concat(size > 0 ? [levels, unknown, missing] : [unknown, missing], 1);
      const own = Array.from(slots.subarray(at, at + known));
      const first = Math.min(...own.filter((slot) => slot >= 0));
      const outputs = new Set(own.filter((slot) => slot >= 0)).size;
      const map = new Float32Array(known * outputs);
      own.forEach((slot, k) => {
        if (slot >= 0) map[k * outputs + slot - first] = 1;
      });
      parts.push(g.matmul(hot, g.constant(map, [known, outputs])));
      at += known;
    });
    const out = parts.length === 1 ? parts[0]! : g.concat(parts, 1);
    return g.reshape(out, [batch, shape[0]!]);
  },
};

const unknownLevel = (name: string) =>
  dataError('unknown-level', `\`${name}\` has a level that no training row has`, {
    path: ['data', 'features'],
    help: 'set `unknown: ignore`, or group rare levels with `min_frequency`',
  });
