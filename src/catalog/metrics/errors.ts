import type { NumberPredictions } from '../../protocol/predictions.ts';
import type { MetricEntry, Weights } from './metric.ts';

/** Mean over the targets of each example's `loss(truth, prediction)`, `[count]`. */
export function exampleErrors(
  p: NumberPredictions,
  loss: (truth: number, predicted: number) => number,
): Float64Array {
  const { count, units, scores, truth } = p;
  return Float64Array.from({ length: count }, (_, i) => {
    let sum = 0;
    for (let j = i * units; j < (i + 1) * units; j++) sum += loss(truth[j]!, scores[j]!);
    return sum / units;
  });
}

/** A mean of errors of single examples: smaller is better. */
export function meanError(
  name: string,
  help: string,
  loss: (truth: number, predicted: number) => number,
  running?: MetricEntry['running'],
): MetricEntry<'numbers'> {
  const values = (p: NumberPredictions) => exampleErrors(p, loss);
  return {
    name,
    help,
    needs: ['numbers'],
    direction: 'lower',
    range: [0, Number.POSITIVE_INFINITY],
    compute: (p) => mean(values(p)),
    interval: { kind: 'mean', values },
    ...(running && { running }),
  };
}

/** Truth and prediction of target j. */
export interface TargetColumn {
  readonly truth: Float64Array;
  readonly predicted: Float64Array;
}

function columnsOf({ count, units, scores, truth }: NumberPredictions): TargetColumn[] {
  const pick = (values: ArrayLike<number>, j: number) =>
    Float64Array.from({ length: count }, (_, i) => values[i * units + j]!);
  return Array.from({ length: units }, (_, j) => ({ truth: pick(truth, j), predicted: pick(scores, j) }));
}

/** The mean over the targets of a quantity of one target's weighted column; null where one is undefined. */
export function perTarget(
  value: (column: TargetColumn, weights: Weights, weight: number) => number | null,
): (p: NumberPredictions) => (weights: Weights) => number | null {
  return (p) => {
    const columns = columnsOf(p);
    return (weights) => {
      let weight = 0;
      for (let i = 0; i < p.count; i++) weight += weights[i]!;
      if (weight === 0) return null;
      let sum = 0;
      for (const column of columns) {
        const one = value(column, weights, weight);
        if (one === null) return null;
        sum += one;
      }
      return sum / columns.length;
    };
  };
}

/** Σ w · f(truth, prediction). */
export function weightedSum(
  { truth, predicted }: TargetColumn,
  weights: Weights,
  f: (truth: number, predicted: number) => number,
): number {
  let sum = 0;
  for (let i = 0; i < truth.length; i++) sum += weights[i]! * f(truth[i]!, predicted[i]!);
  return sum;
}

/** 1 - residual / total; a constant target gives 1 if it is met exactly, else 0, as in scikit-learn. */
export const explained = (residual: number, total: number): number =>
  total === 0 ? (residual === 0 ? 1 : 0) : 1 - residual / total;

export function mean(values: Float64Array): number | null {
  if (values.length === 0) return null;
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
