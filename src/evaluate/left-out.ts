import type { MetricEntry, Weights } from '../catalog/metrics/metric.ts';
import { takeRows } from '../catalog/metrics/take-rows.ts';
import type { ClassPredictions, Predictions } from '../protocol/predictions.ts';
import { withoutGroups } from './cells.ts';

/** A quantity of all examples, and without each group of them in turn; null where undefined. */
export interface LeftOutInTurn {
  readonly value: number | null;
  readonly without: readonly (number | null)[];
  /** How many groups there are in the stratum of each, where they aren't all alike. */
  readonly strata?: ArrayLike<number>;
}

/** Which of `count` groups each example is in. */
export interface Grouping {
  readonly of: ArrayLike<number>;
  readonly count: number;
}

/**
 * A metric without each group of examples in turn: in one pass over the examples where it is made of sums
 * (means, confusion matrices), else in one a group.
 */
export function leftOut(p: Predictions, entry: MetricEntry, groups: Grouping): LeftOutInTurn {
  const { interval } = entry;
  if (interval?.kind === 'mean') return meanLeftOut(interval.values(p), groups, interval.through);
  if (interval?.kind === 'rows') return weightedLeftOut(p.count, interval.under(p), groups);
  const ofScores = interval?.kind === 'none' || (interval?.kind === 'proportion' && interval.scores);
  if (p.form === 'classes' && !ofScores) return cellsLeftOut(p, entry, groups);
  if (p.form === 'labels' && !ofScores) {
    const each = withoutGroups(p, Uint16Array.from(groups.of), groups.count);
    return { value: defined(entry.compute(p)), without: each.map((one) => defined(entry.compute(one))) };
  }
  const without = Array.from({ length: groups.count }, (_, g) => {
    const rows = Uint32Array.from({ length: p.count }, (_, i) => i).filter((i) => groups.of[i] !== g);
    return defined(entry.compute(takeRows(p, rows)));
  });
  return { value: defined(entry.compute(p)), without };
}

/** The same of the mean of values of single examples. */
export function meanLeftOut(
  values: ArrayLike<number>,
  { of, count }: Grouping,
  through = (mean: number): number => mean,
): LeftOutInTurn {
  const [sums, sizes] = [new Float64Array(count), new Float64Array(count)];
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    sums[of[i]!]! += values[i]!;
    sizes[of[i]!]!++;
    total += values[i]!;
  }
  const mean = (sum: number, n: number) => (n === 0 ? null : defined(through(sum / n)));
  const without = Array.from(sums, (sum, g) => mean(total - sum, values.length - sizes[g]!));
  return { value: mean(total, values.length), without };
}

/** The same of anything under weights. */
export function weightedLeftOut(
  count: number,
  under: (weights: Weights) => number | null,
  groups: Grouping,
): LeftOutInTurn {
  const weights = new Float64Array(count).fill(1);
  const value = defined(under(weights));
  const without = Array.from({ length: groups.count }, (_, g) => {
    for (let i = 0; i < count; i++) weights[i] = groups.of[i] === g ? 0 : 1;
    return defined(under(weights));
  });
  return { value, without };
}

function cellsLeftOut(p: ClassPredictions, entry: MetricEntry, { of, count }: Grouping): LeftOutInTurn {
  const matrix = p.confusion.map((row) => [...row]);
  const again: ClassPredictions = { ...p, confusion: matrix };
  const members = Array.from({ length: count }, (): number[] => []);
  for (let i = 0; i < p.count; i++) members[of[i]!]!.push(i);
  const add = (i: number, by: number) => {
    matrix[p.truth[i]!]![p.predicted[i]!]! += by;
  };
  const value = defined(entry.compute(again));
  const without = members.map((examples) => {
    for (const i of examples) add(i, -1);
    const one = defined(entry.compute(again));
    for (const i of examples) add(i, 1);
    return one;
  });
  return { value, without };
}

const defined = (value: number | null): number | null =>
  value !== null && Number.isFinite(value) ? value : null;
