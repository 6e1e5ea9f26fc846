import type { MetricEntry, Weights } from '../catalog/metrics/metric.ts';
import type { LabelPredictions, Predictions } from '../protocol/predictions.ts';
import { bca, type LeftOut } from './bca.ts';
import { cellsOf, withoutGroups } from './cells.ts';
import { type Interval, moments, Z } from './intervals.ts';
import { jackknifeInterval } from './jackknife.ts';
import { dealGroups, drawCells, drawRows } from './resample.ts';

const RESAMPLES = 1000;
/** Undefined resamples (no positive was drawn) are left out, but only so many. */
const MOST_UNDEFINED = RESAMPLES / 20;
/** Scores beyond which resampling takes seconds: there the grouped jackknife is as good. */
const MOST_SCORES = 10_000;
const GROUPS = 500;
/** Groups that estimate the skewness of the influence of examples. */
const SKEW_GROUPS = 200;
/** Cells of the confusion matrix beyond which their influence isn't looked at one by one. */
const MOST_CELLS = 600;

/** A quantity under weights, and what it is without any. */
interface Resampled {
  readonly name: string;
  readonly range: readonly [number, number];
  under(weights: Weights): number | null;
}

/**
 * 95% intervals by resampling: BCa (`bca.ts`) with 1,000 resamples, seeded. All metrics see the same
 * resamples.
 *
 * - Metrics of the confusion matrix: a draw of n examples is a multinomial draw of its cells, at any n; of
 *   labels a draw of the kinds of examples (which labels they have and get), or the jackknife below where
 *   these are too many.
 * - Means and rankings: examples are drawn as weights, up to 10,000 scores. Beyond that means get the normal
 *   interval, and rankings the jackknife over 500 random groups of examples (`jackknife.ts`), taken on a
 *   scale without ends (the logit of a share).
 * @param means values of single examples by name, beside those of the entries
 * @returns no interval where the resamples don't vary
 */
export function bootstrap(
  p: Predictions,
  entries: readonly MetricEntry[],
  means: Readonly<Record<string, ArrayLike<number>>> = {},
): Map<string, Interval> {
  const intervals = new Map<string, Interval>();
  if (p.count < 2) return intervals;
  const put = (name: string, interval: Interval | undefined) => interval && intervals.set(name, interval);
  const ofCells = entries.filter(({ interval }) => !interval || interval.kind === 'proportion');
  for (const [name, interval] of ofCells.length > 0 ? counted(p, ofCells) : []) put(name, interval);

  const resample = p.count * p.units <= MOST_SCORES;
  const rows: Resampled[] = [];
  const mean = (name: string, values: ArrayLike<number>, through = (x: number) => x) => {
    if (!resample) return put(name, normalInterval(values)?.map(through) as never);
    const under = (weights: Weights) => {
      let sum = 0;
      for (let i = 0; i < values.length; i++) sum += weights[i]! * values[i]!;
      return through(sum / total(weights));
    };
    rows.push({ name, range: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY], under });
  };
  for (const name of Object.keys(means)) mean(name, means[name]!);
  for (const { name, range, interval } of entries)
    if (interval?.kind === 'mean') mean(name, interval.values(p), interval.through);
    else if (interval?.kind === 'rows') rows.push({ name, range, under: interval.under(p) });
  const found = resample ? drawnRows(p.count, rows) : rows.map((r) => leftOutInTurn(p.count, r));
  rows.forEach(({ name }, i) => {
    put(name, found[i]);
  });
  return intervals;
}

const total = (weights: Weights): number => {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) sum += weights[i]!;
  return sum;
};

const defined = (value: number | null): value is number => value !== null && Number.isFinite(value);

/** mean ± z·s/√n. */
function normalInterval(values: ArrayLike<number>): Interval | undefined {
  const { mean, deviation } = moments(values);
  const half = (Z * deviation) / Math.sqrt(values.length);
  return Number.isFinite(half) ? [mean - half, mean + half] : undefined;
}

function drawnRows(count: number, all: readonly Resampled[]): (Interval | undefined)[] {
  if (all.length === 0) return [];
  const weights = new Float64Array(count).fill(1);
  const values = all.map((r) => r.under(weights));
  const drawn = all.map((): number[] => []);
  for (let b = 0; b < RESAMPLES; b++) {
    drawRows(weights, b);
    all.forEach((r, i) => {
      const value = r.under(weights);
      if (defined(value)) drawn[i]!.push(value);
    });
  }
  const groups = dealGroups(count, Math.min(count, SKEW_GROUPS));
  const leftOut = all.map((): LeftOut[] => []);
  for (let g = 0; g < Math.min(count, SKEW_GROUPS); g++) {
    for (let i = 0; i < count; i++) weights[i] = groups[i] === g ? 0 : 1;
    all.forEach((r, i) => {
      const value = r.under(weights);
      if (defined(value)) leftOut[i]!.push({ value, weight: 1 });
    });
  }
  return all.map((_, i) => judged(values[i]!, drawn[i]!, leftOut[i]!));
}

function judged(value: number | null, drawn: readonly number[], leftOut: readonly LeftOut[]) {
  if (!defined(value) || drawn.length < RESAMPLES - MOST_UNDEFINED) return undefined;
  return bca(value, Float64Array.from(drawn).sort(), leftOut);
}

/** Resampled counts. */
function counted(p: Predictions, entries: readonly MetricEntry[]): [string, Interval | undefined][] {
  const cells = cellsOf(p);
  if (!cells) return p.form === 'labels' ? groupedLabels(p, entries) : [];
  const { counts } = cells;
  const compute = (weights: ArrayLike<number>) => {
    const again = cells.under(weights);
    return entries.map((entry) => entry.compute(again));
  };
  const drawn = entries.map((): number[] => []);
  const weights = new Float64Array(counts.length);
  for (let b = 0; b < RESAMPLES; b++) {
    drawCells(counts, weights, b);
    compute(weights).forEach((value, e) => {
      if (defined(value)) drawn[e]!.push(value);
    });
  }
  const leftOut = entries.map((): LeftOut[] => []);
  for (let c = 0; c < counts.length && counts.length <= MOST_CELLS; c++) {
    const without = counts.with(c, counts[c]! - 1);
    compute(without).forEach((value, e) => {
      if (defined(value)) leftOut[e]!.push({ value, weight: counts[c]! });
    });
  }
  const values = compute(counts);
  return entries.map(({ name }, e) => [name, judged(values[e]!, drawn[e]!, leftOut[e]!)]);
}

/** Of labels: the counts of each group are made once. */
function groupedLabels(
  p: LabelPredictions,
  entries: readonly MetricEntry[],
): [string, Interval | undefined][] {
  const left = withoutGroups(p, dealGroups(p.count, GROUPS), GROUPS);
  return entries.map((entry) => [
    entry.name,
    jackknifed(
      entry.range,
      entry.compute(p),
      left.map((one) => entry.compute(one)),
    ),
  ]);
}

/** Over groups that are left out in turn. */
function leftOutInTurn(count: number, { range, under }: Resampled): Interval | undefined {
  const weights = new Float64Array(count).fill(1);
  const value = under(weights);
  const groups = dealGroups(count, GROUPS);
  const left = Array.from({ length: GROUPS }, (_, g) => {
    for (let i = 0; i < count; i++) weights[i] = groups[i] === g ? 0 : 1;
    return under(weights);
  });
  return jackknifed(range, value, left);
}

function jackknifed(
  range: Resampled['range'],
  value: number | null,
  left: readonly (number | null)[],
): Interval | undefined {
  if (!defined(value)) return undefined;
  return jackknifeInterval(
    value,
    left.map((one) => (defined(one) ? one : null)),
    range,
  );
}
