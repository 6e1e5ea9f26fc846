import { sizeOf } from '../../../base/shape.ts';
import type { FitRows } from '../transform.ts';

export interface Covariance {
  readonly mean: Float64Array;
  /** `[features, features]`, symmetric, divided by count - 1. */
  readonly matrix: Float64Array;
}

/** Rows whose products are added at once: one trip to memory for eight of them. */
const BLOCK = 8;

/**
 * Mean and sample covariance in float64, two passes, always in the same order.
 *
 * Sums are of y = x - smallest of each feature: covariance doesn't see the shift, and the background of
 * images becomes 0 whatever was done to it before, so that most products need not be made. The correction `-
 * count · mean(y) mean(y)ᵀ` is harmless: one row has y = 0, hence mean(y)² <= count · variance.
 */
export function covariance(rows: FitRows): Covariance {
  const { count } = rows;
  const width = sizeOf(rows.shape);
  const lowest = lowestOf(rows, width);
  const mean = new Float64Array(width);
  const matrix = new Float64Array(width * width);
  const block = Array.from({ length: BLOCK }, () => new Float64Array(width));
  for (let start = 0; start < count; start += BLOCK) {
    for (const [k, row] of block.entries()) {
      if (start + k < count) rows.row(start + k, row);
      else row.set(lowest); // after the last row: zeros
      for (let j = 0; j < width; j++) {
        row[j] = row[j]! - lowest[j]!;
        mean[j] = mean[j]! + row[j]!;
      }
    }
    addProducts(matrix, width, block);
  }
  for (let j = 0; j < width; j++) mean[j] = mean[j]! / count;
  for (let i = 0; i < width; i++)
    for (let j = i; j < width; j++) {
      const value = (matrix[i * width + j]! - count * mean[i]! * mean[j]!) / (count - 1);
      matrix[i * width + j] = value;
      matrix[j * width + i] = value;
    }
  for (let j = 0; j < width; j++) mean[j] = mean[j]! + lowest[j]!;
  return { mean, matrix };
}

function lowestOf(rows: FitRows, width: number): Float64Array {
  const lowest = new Float64Array(width).fill(Number.POSITIVE_INFINITY);
  const row = new Float64Array(width);
  for (let i = 0; i < rows.count; i++) {
    rows.row(i, row);
    for (let j = 0; j < width; j++) if (row[j]! < lowest[j]!) lowest[j] = row[j]!;
  }
  return lowest;
}

/**
 * Adds the outer products of a block of rows to the upper triangle, columns at which all of them are 0 left
 * out.
 */
function addProducts(matrix: Float64Array, width: number, block: readonly Float64Array[]): void {
  const used = new Int32Array(width);
  const packed = new Float64Array(width * BLOCK); // [used column, row]: neighbours for the inner loop
  let count = 0;
  for (let j = 0; j < width; j++) {
    if (block.every((row) => row[j] === 0)) continue;
    for (let k = 0; k < BLOCK; k++) packed[count * BLOCK + k] = block[k]![j]!;
    used[count++] = j;
  }
  for (let p = 0; p < count; p++) {
    const line = used[p]! * width;
    const at = p * BLOCK;
    const [a, b, c, d] = [packed[at]!, packed[at + 1]!, packed[at + 2]!, packed[at + 3]!];
    const [e, f, g, h] = [packed[at + 4]!, packed[at + 5]!, packed[at + 6]!, packed[at + 7]!];
    for (let q = p, o = at; q < count; q++, o += BLOCK) {
      const to = line + used[q]!;
      matrix[to] =
        matrix[to]! +
        (a * packed[o]! + b * packed[o + 1]! + c * packed[o + 2]! + d * packed[o + 3]!) +
        (e * packed[o + 4]! + f * packed[o + 5]! + g * packed[o + 6]! + h * packed[o + 7]!);
    }
  }
}
