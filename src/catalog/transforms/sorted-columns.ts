import { sizeOf } from '../../base/shape.ts';
import type { FitRows } from './transform.ts';

/** Values held at once while columns are sorted: 64 MiB of float64. */
const BLOCK = 2 ** 23;

/** Calls `visit` with the sorted values of each column (NaN last), a block of columns in memory at a time. */
export function sortedColumns(rows: FitRows, visit: (sorted: Float64Array, column: number) => void): void {
  const width = sizeOf(rows.shape);
  const row = new Float64Array(width);
  const columns = Math.max(1, Math.floor(BLOCK / rows.count));
  for (let from = 0; from < width; from += columns) {
    const held = Math.min(columns, width - from);
    const values = new Float64Array(held * rows.count);
    for (let i = 0; i < rows.count; i++) {
      rows.row(i, row);
      for (let j = 0; j < held; j++) values[j * rows.count + i] = row[from + j]!;
    }
    for (let j = 0; j < held; j++)
      visit(values.subarray(j * rows.count, (j + 1) * rows.count).sort(), from + j);
  }
}
