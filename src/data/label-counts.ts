import type { Targets } from '../readers/raw-data.ts';

/** How many of some rows have each of `labels` labels; y is `[rows, labels]`. */
export function labelCounts(y: Targets, labels: number, rows: Uint32Array): Float64Array {
  const counts = new Float64Array(labels);
  for (const row of rows)
    for (let k = 0, at = row * labels; k < labels; k++, at++) counts[k] = counts[k]! + y[at]!;
  return counts;
}
