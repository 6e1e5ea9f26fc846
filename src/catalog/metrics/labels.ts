import type { ClassScores, Counts, LabelPredictions } from '../../protocol/predictions.ts';
import type { Weights } from './metric.ts';

const TWO = ['without', 'with'];

/** Of a multi-label task one label alone: two classes, without it and with it. */
export function labelOf({ count, units, scores, truth, margins }: LabelPredictions, k: number): ClassScores {
  const column = (i: number) => i * units + k;
  return twoClasses(
    Float32Array.from({ length: count }, (_, i) => scores[column(i)]!),
    Int32Array.from({ length: count }, (_, i) => truth[column(i)]!),
    margins,
  );
}

/**
 * Of a multi-label task each label of each example as an example of its own, `[count * units]`, in the order
 * of the scores.
 */
export const pooled = ({ scores, truth, margins }: LabelPredictions): ClassScores =>
  twoClasses(scores, truth, margins);

const twoClasses = (scores: Float32Array, truth: Int32Array, margins: boolean): ClassScores => ({
  form: 'classes',
  count: scores.length,
  units: 1,
  scores,
  truth,
  margins,
  classes: TWO,
});

/** The mean over its labels of what each example of `pooled` counts, `[count]`. */
export function perExample({ count, units }: LabelPredictions, values: Float64Array): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => {
    let sum = 0;
    for (let k = i * units; k < (i + 1) * units; k++) sum += values[k]!;
    return sum / units;
  });
}

/** Truth against prediction of each label, every example counting once, or as `weights` say. */
export function countLabels(
  { count, units, truth, predicted }: Pick<LabelPredictions, 'count' | 'units' | 'truth' | 'predicted'>,
  weights?: Weights,
): Counts[] {
  const cells = new Float64Array(4 * units);
  for (let i = 0, at = 0; i < count; i++) {
    const weight = weights ? weights[i]! : 1;
    for (let k = 0; k < units; k++, at++) cells[4 * k + 2 * truth[at]! + predicted[at]!]! += weight;
  }
  return Array.from({ length: units }, (_, k) => {
    const [tn, fp, fn, tp] = cells.subarray(4 * k, 4 * k + 4) as unknown as [number, number, number, number];
    return { tp, fp, fn, tn };
  });
}

/** The same of each example alone, over its labels. */
export function countsOfExample({ units, truth, predicted }: LabelPredictions, i: number): Counts {
  const counts = [0, 0, 0, 0];
  for (let at = i * units; at < (i + 1) * units; at++) counts[2 * truth[at]! + predicted[at]!]!++;
  const [tn, fp, fn, tp] = counts as [number, number, number, number];
  return { tp, fp, fn, tn };
}
