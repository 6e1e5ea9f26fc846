import { quantile } from '../base/quantile.ts';
import { streamKey, uniform } from '../base/random.ts';
import type { MetricEntry, Weights } from '../catalog/metrics/metric.ts';
import { takeRows } from '../catalog/metrics/take-rows.ts';
import { invariant } from '../errors.ts';
import type { ClassPredictions, Predictions } from '../protocol/predictions.ts';
import { type Interval, Z } from './intervals.ts';
import { drawCells, drawRows } from './resample.ts';
import { binomial } from './special.ts';

/** McNemar's test of two models on the same examples. */
export interface McNemar {
  /** Examples that only the first, and that only the second model gets right. */
  readonly onlyFirst: number;
  readonly onlySecond: number;
  readonly examples: number;
  /** Two-sided, exact; 1 where the models are right on the same examples. */
  readonly p: number;
  /** Second minus first accuracy. */
  readonly difference: number;
  /** 95%; undefined without examples. */
  readonly interval?: Interval;
}

/**
 * McNemar's exact test (1947): of the examples on which exactly one model is right, half would go to each by
 * chance. The interval is Agresti's and Min's (2005), Wald's after half an example is added to each cell: it
 * covers also where few examples differ.
 * @param first, second whether each model got example i right, in the same order
 */
export function mcnemar(first: ArrayLike<boolean>, second: ArrayLike<boolean>): McNemar {
  invariant(first.length === second.length, `${first.length} and ${second.length} examples`);
  const examples = first.length;
  let [onlyFirst, onlySecond] = [0, 0];
  for (let i = 0; i < examples; i++) {
    if (first[i] && !second[i]) onlyFirst++;
    else if (second[i] && !first[i]) onlySecond++;
  }
  const differing = onlyFirst + onlySecond;
  const p = Math.min(1, 2 * binomial(Math.min(onlyFirst, onlySecond), differing, 0.5));
  const counts = { onlyFirst, onlySecond, examples, p };
  if (examples === 0) return { ...counts, difference: 0 };
  const centre = (onlySecond - onlyFirst) / (examples + 2);
  const variance = ((differing + 1) / (examples + 2) - centre ** 2) / (examples + 2);
  const half = Z * Math.sqrt(variance);
  return {
    ...counts,
    difference: (onlySecond - onlyFirst) / examples,
    interval: [Math.max(-1, centre - half), Math.min(1, centre + half)],
  };
}

/** The difference of a metric between two models on the same examples. */
export interface PairedDifference {
  /** Second minus first; null where one of the two is undefined. */
  readonly difference: number | null;
  /** 95%; undefined where the resamples don't vary or too often leave the metric undefined. */
  readonly interval?: Interval;
  /** Two-sided: the largest level at which the interval would still hold 0. */
  readonly p?: number;
}

const RESAMPLES = 2000;
/** Of resamples, the largest share that may leave the metric undefined. */
const MOST_UNDEFINED = 0.05;
/** Rows that are drawn in all, at most: more examples get fewer resamples, but never fewer than 200. */
const MOST_DRAWS = 2e7;

/** Draws a resample. @returns the metric of both models on it */
type Resample = (b: number) => readonly [number | null, number | null];

/**
 * Paired percentile bootstrap (Efron 1979): each resample draws examples, and both models are scored on the
 * same ones. Seeded: the resamples depend on the number of examples alone.
 */
export function pairedBootstrap(
  first: Predictions,
  second: Predictions,
  entry: MetricEntry,
  most = RESAMPLES,
): PairedDifference {
  invariant(first.count === second.count, `${first.count} and ${second.count} examples`);
  const [a, b] = [entry.compute(first), entry.compute(second)];
  if (a === null || b === null || !Number.isFinite(b - a)) return { difference: null };
  const difference = b - a;
  const resamples = Math.max(200, Math.min(most, Math.floor(MOST_DRAWS / Math.max(1, first.count))));
  const resample = resampler(first, second, entry);
  const found: number[] = [];
  for (let r = 0; r < resamples; r++) {
    const [x, y] = resample(r);
    if (x !== null && y !== null && Number.isFinite(y - x)) found.push(y - x);
  }
  if (found.length < resamples * (1 - MOST_UNDEFINED)) return { difference };
  const sorted = Float64Array.from(found).sort();
  if (sorted[0] === sorted.at(-1)) return { difference };
  const below = found.filter((d) => d <= 0).length;
  const above = found.filter((d) => d >= 0).length;
  const p = Math.min(1, (2 * (Math.min(below, above) + 1)) / (found.length + 1));
  return { difference, interval: [quantile(sorted, 0.025), quantile(sorted, 0.975)], p };
}

/**
 * The cheapest way to the metric of a resample: what both models did together, weights, or copies of rows.
 */
function resampler(first: Predictions, second: Predictions, entry: MetricEntry): Resample {
  const { interval } = entry;
  if (interval?.kind === 'rows' || interval?.kind === 'mean') {
    const under =
      interval.kind === 'rows' ? interval.under : (p: Predictions) => meanUnder(interval.values(p));
    const [one, other] = [under(first), under(second)];
    const through = (interval.kind === 'mean' && interval.through) || ((x: number) => x);
    const weights = new Float64Array(first.count);
    const value = (v: number | null) => (v === null ? null : through(v));
    return (b) => {
      drawRows(weights, b);
      return [value(one(weights)), value(other(weights))];
    };
  }
  const ofScores = interval?.kind === 'none' || (interval?.kind === 'proportion' && interval.scores);
  if (first.form === 'classes' && second.form === 'classes' && !ofScores)
    return jointCells(first, second, entry);
  const rows = new Uint32Array(first.count);
  return (b) => {
    const key = streamKey(0, 'evaluate/paired', b);
    for (let i = 0; i < rows.length; i++) rows[i] = uniform(key, i) * rows.length; // truncates
    return [entry.compute(takeRows(first, rows)), entry.compute(takeRows(second, rows))];
  };
}

function meanUnder(values: Float64Array): (weights: Weights) => number {
  return (weights) => {
    let [sum, total] = [0, 0];
    for (let i = 0; i < values.length; i++) {
      sum += weights[i]! * values[i]!;
      total += weights[i]!;
    }
    return sum / total;
  };
}

/** Draws of (truth, first prediction, second prediction): a multinomial, whatever the number of examples. */
function jointCells(first: ClassPredictions, second: ClassPredictions, entry: MetricEntry): Resample {
  const classes = first.confusion.length;
  const counted = new Map<number, number>();
  for (let i = 0; i < first.count; i++) {
    const cell = (first.truth[i]! * classes + first.predicted[i]!) * classes + second.predicted[i]!;
    counted.set(cell, (counted.get(cell) ?? 0) + 1);
  }
  const places = [...counted.keys()].sort((a, b) => a - b);
  const counts = places.map((cell) => counted.get(cell)!);
  const drawn = new Float64Array(counts.length);
  const matrix = () => Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  return (b) => {
    drawCells(counts, drawn, b);
    const [one, other] = [matrix(), matrix()];
    places.forEach((cell, c) => {
      const truth = Math.floor(cell / classes / classes);
      one[truth]![Math.floor(cell / classes) % classes]! += drawn[c]!;
      other[truth]![cell % classes]! += drawn[c]!;
    });
    return [entry.compute({ ...first, confusion: one }), entry.compute({ ...second, confusion: other })];
  };
}

/** McNemar's test for a share of right examples, the paired bootstrap for any other metric. */
export function comparePaired(
  first: Predictions,
  second: Predictions,
  entry: MetricEntry,
  most = RESAMPLES,
): PairedDifference & { readonly test: 'McNemar' | 'paired bootstrap' } {
  if (!entry.right) return { ...pairedBootstrap(first, second, entry, most), test: testOf(entry) };
  const each = (of: Predictions) => Array.from({ length: of.count }, (_, i) => entry.right!(of, i));
  const { difference, interval, p } = mcnemar(each(first), each(second));
  return { difference, ...(interval && { interval }), p, test: testOf(entry) };
}

/** What two models are compared by under a metric. */
export const testOf = ({ right }: MetricEntry): 'McNemar' | 'paired bootstrap' =>
  right ? 'McNemar' : 'paired bootstrap';
