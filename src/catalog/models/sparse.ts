import type { Rows } from './model.ts';

/**
 * Rows without their zeros: most pixels of a digit are 0. Values of row i are at `starts[i] .. starts[i +
 * 1]`.
 */
export interface SparseRows {
  readonly count: number;
  readonly width: number;
  readonly starts: Uint32Array;
  readonly columns: Uint32Array;
  readonly values: Float32Array;
}

export function sparse({ x, count, width }: Rows): SparseRows {
  let size = 0;
  for (let i = 0; i < x.length; i++) if (x[i] !== 0) size++;
  const starts = new Uint32Array(count + 1);
  const columns = new Uint32Array(size);
  const values = new Float32Array(size);
  let at = 0;
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < width; j++) {
      const value = x[i * width + j]!;
      if (value === 0) continue;
      columns[at] = j;
      values[at++] = value;
    }
    starts[i + 1] = at;
  }
  return { count, width, starts, columns, values };
}

/** out[k] = bias[k] + Σ x_j · weights[j, k] for row i. */
export function linear(
  rows: SparseRows,
  i: number,
  weights: Float64Array,
  bias: Float64Array,
  out: Float64Array,
): void {
  const k = out.length;
  for (let c = 0; c < k; c++) out[c] = bias[c]!;
  for (let p = rows.starts[i]!; p < rows.starts[i + 1]!; p++) {
    const value = rows.values[p]!;
    const row = rows.columns[p]! * k;
    for (let c = 0; c < k; c++) out[c]! += value * weights[row + c]!;
  }
}
