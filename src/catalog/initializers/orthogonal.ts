import * as z from 'zod';
import { normal } from '../../base/random.ts';
import { sizeOf } from '../../base/shape.ts';
import { number, once } from '../fields.ts';
import type { InitializerEntry } from './initializer.ts';

/**
 * Makes the rows `[count, length]` orthonormal, in place, by modified Gram-Schmidt. The diagonal of R is a
 * norm, so it's positive: no sign needs fixing for the result to be spread evenly over the orthogonal
 * matrices (Mezzadri 2007).
 */
export function orthonormalize(rows: Float64Array, count: number, length: number): void {
  for (let i = 0; i < count; i++) {
    const row = rows.subarray(i * length, (i + 1) * length);
    const norm = Math.sqrt(dot(row, row));
    for (let k = 0; k < length; k++) row[k] = row[k]! / norm;
    for (let j = i + 1; j < count; j++) {
      const other = rows.subarray(j * length, (j + 1) * length);
      const along = dot(row, other);
      for (let k = 0; k < length; k++) other[k] = other[k]! - along * row[k]!;
    }
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k]! * b[k]!;
  return sum;
}

const schema = once(() => z.strictObject({ gain: number().default(1).describe('factor on the matrix') }));

/**
 * Saxe et al. 2014. The tensor is read as a matrix `[everything but the last axis, last axis]`; its columns
 * are orthonormal where it's tall, its rows where it's wide, times `gain`.
 */
export const orthogonal: InitializerEntry<z.infer<ReturnType<typeof schema>>> = {
  name: 'orthogonal',
  help: 'a random orthogonal matrix times `gain`',
  get schema() {
    return schema();
  },
  values(shape, _, key, { gain }) {
    const size = sizeOf(shape);
    const columns = shape.at(-1) ?? 1;
    const rows = size / columns;
    const [count, length] = rows < columns ? [rows, columns] : [columns, rows];
    const vectors = Float64Array.from({ length: size }, (_, i) => normal(key, i));
    orthonormalize(vectors, count, length);
    const wide = rows < columns;
    return Float32Array.from({ length: size }, (_, i) => {
      const [r, c] = [Math.floor(i / columns), i % columns];
      return gain * vectors[wide ? r * length + c : c * length + r]!;
    });
  },
};
