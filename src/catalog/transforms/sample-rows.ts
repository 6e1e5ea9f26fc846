import type * as z from 'zod';
import { inOrder } from '../../base/order.ts';
import { shuffled } from '../../base/random.ts';
import { sizeOf } from '../../base/shape.ts';
import { count } from '../fields.ts';
import type { FitRows } from './transform.ts';

/** The field of transforms that must hold rows: how many at most. */
export const heldRows = (most: number) =>
  count()
    .max(1_000_000)
    .default(most)
    .describe(
      'largest number of training rows used; of more, a random sample, the same for each seed',
    ) as z.ZodDefault<z.ZodInt>;

/**
 * Indices of at most `most` rows, ascending: all, or drawn without replacement from the step's random bits.
 */
export function sampleRows(rows: FitRows, most: number): Uint32Array {
  const all = inOrder(rows.count);
  return rows.count <= most ? all : shuffled(all, rows.stream).slice(0, most).sort();
}

/** Values `[chosen, features]` of some rows. */
export function valuesOf(rows: FitRows, chosen: Uint32Array): Float64Array {
  const width = sizeOf(rows.shape);
  const out = new Float64Array(chosen.length * width);
  chosen.forEach((i, k) => {
    rows.row(i, out.subarray(k * width, (k + 1) * width));
  });
  return out;
}
