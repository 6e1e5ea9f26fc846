import type { LabelPredictions } from '../../protocol/predictions.ts';

/** The labels of one example, of the truth or of the prediction, for people. */
export function labelsText({ labels }: LabelPredictions, values: ArrayLike<number>, i: number): string {
  const own = labels.filter((_, k) => values[i * labels.length + k] === 1);
  return own.length === 0 ? '(none)' : own.join(', ');
}
