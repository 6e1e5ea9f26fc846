import { countLabels } from '../catalog/metrics/index.ts';
import type { Weights } from '../catalog/metrics/metric.ts';
import { takeRows } from '../catalog/metrics/take-rows.ts';
import type { ClassPredictions, Counts, LabelPredictions, Predictions } from '../protocol/predictions.ts';

/** Kinds of examples, and these times labels, beyond which resamples take seconds. */
const MOST_KINDS = 2000;
const MOST_LABELS = 500_000;

/** Examples by what metrics of counts can tell of them: how many there are of each kind. */
export interface Cells {
  readonly counts: readonly number[];
  /** Predictions with another number of each kind; of use until the next call. */
  under(weights: Weights): Predictions;
}

/**
 * Kinds of examples: cells of the confusion matrix, or labels with their predictions; undefined where these
 * are too many.
 */
export function cellsOf(p: Predictions): Cells | undefined {
  if (p.form === 'labels') return labelCells(p);
  return p.form === 'classes' ? confusionCells(p) : undefined;
}

function confusionCells(p: ClassPredictions): Cells {
  const { confusion } = p;
  const places: [truth: number, predicted: number][] = [];
  const counts: number[] = [];
  confusion.forEach((row, i) => {
    row.forEach((count, j) => {
      if (count === 0) return;
      places.push([i, j]);
      counts.push(count);
    });
  });
  const matrix = confusion.map((row) => new Array<number>(row.length).fill(0));
  const again: ClassPredictions = { ...p, confusion: matrix };
  return {
    counts,
    under(weights) {
      places.forEach(([i, j], c) => {
        matrix[i]![j] = weights[c]!;
      });
      return again;
    },
  };
}

function labelCells(p: LabelPredictions): Cells | undefined {
  const { count, units, truth, predicted } = p;
  const found = new Map<string, number>();
  const first: number[] = [];
  const counts: number[] = [];
  for (let i = 0; i < count; i++) {
    const [from, to] = [i * units, (i + 1) * units];
    const key = `${truth.subarray(from, to).join('')},${predicted.subarray(from, to).join('')}`;
    const cell = found.get(key) ?? first.push(i) - 1;
    found.set(key, cell);
    counts[cell] = (counts[cell] ?? 0) + 1;
    if (first.length > MOST_KINDS || first.length * units > MOST_LABELS) return undefined;
  }
  const each = takeRows(p, Uint32Array.from(first));
  return { counts, under: (weights) => ({ ...p, counts: countLabels(each, weights) }) };
}

/**
 * Predictions without one group of the examples after the other.
 * @param groups of each example
 */
export function withoutGroups(p: LabelPredictions, groups: Uint16Array, howMany: number): LabelPredictions[] {
  const { units, truth, predicted } = p;
  const own = new Float64Array(howMany * units * 4);
  groups.forEach((group, i) => {
    for (let k = 0, at = i * units; k < units; k++, at++)
      own[(group * units + k) * 4 + 2 * truth[at]! + predicted[at]!]!++;
  });
  return Array.from({ length: howMany }, (_, group) => ({
    ...p,
    counts: p.counts.map(({ tp, fp, fn, tn }, k): Counts => {
      const at = (group * units + k) * 4;
      return { tn: tn - own[at]!, fp: fp - own[at + 1]!, fn: fn - own[at + 2]!, tp: tp - own[at + 3]! };
    }),
  }));
}
