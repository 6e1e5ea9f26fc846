import type { Predictions } from '../catalog/metrics/metric.ts';

/** The labels of one example, of the truth or of the prediction, for people. */
export function labelsText({ labels = [] }: Predictions, values: ArrayLike<number>, i: number): string {
  const own = labels.filter((_, k) => values[i * labels.length + k] === 1);
  return own.length === 0 ? '(none)' : own.join(', ');
}
