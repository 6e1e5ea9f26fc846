import type { Predictions } from './metric.ts';

/** Mean over the targets of each example's `loss(prediction - truth)`, `[count]`. */
export function exampleErrors(p: Predictions, loss: (difference: number) => number): Float64Array {
  const { count, units, scores, truth } = p;
  return Float64Array.from({ length: count }, (_, i) => {
    let sum = 0;
    for (let j = i * units; j < (i + 1) * units; j++) sum += loss(scores[j]! - truth[j]!);
    return sum / units;
  });
}

/** Mean over the targets of a quantity of one target's column; null without examples. */
export function perTarget({ count, units }: Predictions, value: (j: number) => number): number | null {
  if (count === 0) return null;
  let sum = 0;
  for (let j = 0; j < units; j++) sum += value(j);
  return sum / units;
}

/** Sum of squared differences of target j. */
export function squaredError({ count, units, scores, truth }: Predictions, j: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += (scores[i * units + j]! - truth[i * units + j]!) ** 2;
  return sum;
}

export function mean(values: Float64Array): number | null {
  if (values.length === 0) return null;
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
