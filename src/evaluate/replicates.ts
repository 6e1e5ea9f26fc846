import { type Interval, moments } from './intervals.ts';
import { studentCdf, studentQuantile } from './special.ts';

/** One metric over several runs. */
export interface Replicates {
  /** The mean; null where no run has a value. */
  readonly value: number | null;
  /** The sample's standard deviation (n - 1); of two values or more. */
  readonly deviation?: number;
  /** 95% of the mean; of two values or more. */
  readonly interval?: Interval;
  /** In the order of the runs; null where a run has none. */
  readonly values: readonly (number | null)[];
}

/**
 * How the variance of the mean follows from the spread of n runs.
 *
 * - `student`: runs that differ in nothing but their seed are independent: s²/n.
 * - `corrected_resampled_t`: folds share most of their training rows, so that their results go up and down
 *   together and s²/n is too small; no unbiased estimate from one cross-validation exists (Bengio &
 *   Grandvalet 2004). Nadeau and Bengio (2003) put (1/n + tested/trained) s² in its place, which covers also
 *   the choice of the training rows.
 */
export type Spread =
  | { readonly method: 'student' }
  | { readonly method: 'corrected_resampled_t'; readonly tested: number; readonly trained: number };

/**
 * Mean, standard deviation and a 95% interval of the mean, which ends where the quantity does.
 * @param range of the quantity: an accuracy is at most 1
 */
export function replicates(
  values: readonly (number | null)[],
  spread: Spread,
  [low, high]: Interval = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
): Replicates {
  const found = known(values);
  const n = found.length;
  if (n === 0) return { value: null, values };
  const { mean, deviation } = moments(found);
  if (n < 2) return { value: mean, values };
  const half = studentQuantile(0.975, n - 1) * standardError(deviation, n, spread);
  return {
    value: mean,
    deviation,
    interval: [Math.max(low, mean - half), Math.min(high, mean + half)],
    values,
  };
}

/** Of the mean of n values. */
export function standardError(deviation: number, n: number, spread: Spread): number {
  const more = spread.method === 'student' ? 0 : spread.tested / spread.trained;
  return deviation * Math.sqrt(1 / n + more);
}

export interface ReplicateDifference {
  /** Second minus first mean; null where one has none. */
  readonly difference: number | null;
  /** 95%; absent where the role of chance is unknown: fewer than two values, or no spread at all. */
  readonly interval?: Interval;
  /** Two-sided. */
  readonly p?: number;
  readonly test: "Welch's t" | 'paired corrected resampled t';
}

/**
 * How far the means of two sets of runs are apart. Of seeds: Welch's test (1947), since seed 42 of one config
 * has nothing in common with seed 42 of another. Of folds, which have their test rows in common: the
 * differences fold by fold, with Nadeau's and Bengio's variance.
 */
export function compareReplicates(
  first: readonly (number | null)[],
  second: readonly (number | null)[],
  spread: Spread,
): ReplicateDifference {
  const test = spread.method === 'student' ? "Welch's t" : 'paired corrected resampled t';
  const { difference, error, freedom } =
    spread.method === 'student' ? welch(first, second) : paired(first, second, spread);
  if (difference === null || !Number.isFinite(difference)) return { difference: null, test };
  // Equal values leave rounding as their spread.
  if (!(error > 1e-12 * Math.abs(difference)) || !(freedom > 0)) return { difference, test };
  const half = studentQuantile(0.975, freedom) * error;
  const p = Math.min(1, 2 * studentCdf(-Math.abs(difference / error), freedom));
  return { difference, interval: [difference - half, difference + half], p, test };
}

interface Apart {
  readonly difference: number | null;
  readonly error: number;
  readonly freedom: number;
}
const NOTHING: Apart = { difference: null, error: Number.NaN, freedom: 0 };

function welch(first: readonly (number | null)[], second: readonly (number | null)[]): Apart {
  const [a, b] = [known(first), known(second)];
  if (a.length === 0 || b.length === 0) return NOTHING;
  const [x, y] = [moments(a), moments(b)];
  const [u, v] = [x.deviation ** 2 / a.length, y.deviation ** 2 / b.length];
  const freedom = (u + v) ** 2 / (u ** 2 / (a.length - 1) + v ** 2 / (b.length - 1));
  return { difference: y.mean - x.mean, error: Math.sqrt(u + v), freedom };
}

function paired(
  first: readonly (number | null)[],
  second: readonly (number | null)[],
  spread: Spread,
): Apart {
  const differences = first.flatMap((a, i) => {
    const b = second[i] ?? null;
    return a === null || b === null ? [] : [b - a];
  });
  if (differences.length === 0) return NOTHING;
  const { mean, deviation } = moments(differences);
  const error = standardError(deviation, differences.length, spread);
  return { difference: mean, error, freedom: differences.length - 1 };
}

const known = (values: readonly (number | null)[]): number[] =>
  values.filter((v): v is number => v !== null && Number.isFinite(v));
