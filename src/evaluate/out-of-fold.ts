import { countLabels, metrics } from '../catalog/metrics/index.ts';
import type { MetricEntry, Weights } from '../catalog/metrics/metric.ts';
import { takeRows } from '../catalog/metrics/take-rows.ts';
import { invariant } from '../errors.ts';
import type { MetricValue } from '../protocol/metric-values.ts';
import type {
  ClassPredictions,
  LabelPredictions,
  NumberPredictions,
  Predictions,
} from '../protocol/predictions.ts';
import { type Interval, wilson } from './intervals.ts';
import { jackknifeError, jackknifeInterval } from './jackknife.ts';
import { type Grouping, type LeftOutInTurn, leftOut, meanLeftOut, weightedLeftOut } from './left-out.ts';
import { comparePaired, type PairedDifference } from './paired.ts';
import { dealGroups } from './resample.ts';
import { studentCdf, studentQuantile } from './special.ts';

/** What the k models of a cross-validation said of the examples that they never trained on. */
export interface OutOfFold {
  /** Of all folds together. */
  readonly predictions: Predictions;
  /** Loss of each example, `[count]`, where it is known. */
  readonly losses?: Float32Array;
  /** Number of the model that each was predicted by. */
  readonly folds: ArrayLike<number>;
  /**
   * Examples of one number aren't independent: rows of a group, or a row that several models predicted. Left
   * out where all are.
   */
  readonly clusters?: ArrayLike<number>;
}

/** One fold's part: what its model said of its examples. */
export interface FoldPart {
  readonly predictions: Predictions;
  readonly losses?: Float32Array;
  /** What each example belongs to, be it its own id: those of one name aren't independent. */
  readonly units: readonly string[];
}

type Values = Int32Array | Float32Array;

function join<T extends Values>(arrays: readonly T[]): T {
  const [first] = arrays;
  const length = arrays.reduce((sum, array) => sum + array.length, 0);
  const out = (first instanceof Int32Array ? new Int32Array(length) : new Float32Array(length)) as T;
  let at = 0;
  for (const array of arrays) {
    out.set(array, at);
    at += array.length;
  }
  return out;
}

/** Predictions of one form, one after the other. */
function joined(all: readonly Predictions[]): Predictions {
  const [first] = all;
  invariant(first, 'a fold or more');
  const shared = {
    count: all.reduce((sum, { count }) => sum + count, 0),
    scores: join(all.map(({ scores }) => scores)),
  };
  switch (first.form) {
    case 'numbers':
      return { ...first, ...shared, truth: join((all as NumberPredictions[]).map(({ truth }) => truth)) };
    case 'labels': {
      const same = all as LabelPredictions[];
      const truth = join(same.map((p) => p.truth));
      const plain = { ...first, ...shared, truth, predicted: join(same.map((p) => p.predicted)) };
      return { ...plain, counts: countLabels(plain) };
    }
    case 'classes': {
      const same = all as ClassPredictions[];
      const confusion = first.confusion.map((row, i) =>
        row.map((_, j) => same.reduce((sum, p) => sum + p.confusion[i]![j]!, 0)),
      );
      const truth = join(same.map((p) => p.truth));
      return { ...first, ...shared, truth, predicted: join(same.map((p) => p.predicted)), confusion };
    }
  }
}

/** Folds of one task together; `clusters` where a unit has more than one prediction. */
export function gathered(parts: readonly FoldPart[]): OutOfFold {
  const predictions = joined(parts.map((part) => part.predictions));
  const names = new Map<string, number>();
  const clusters = parts.flatMap(({ units }) =>
    units.map((unit) => {
      const index = names.get(unit) ?? names.size;
      names.set(unit, index);
      return index;
    }),
  );
  const losses = parts.every((part) => part.losses) && join(parts.map((part) => part.losses!));
  return {
    predictions,
    ...(losses && { losses }),
    folds: parts.flatMap(({ units }, fold) => new Array<number>(units.length).fill(fold)),
    ...(names.size < clusters.length && { clusters }),
  };
}

/** Groups that are left out in turn, at most. */
const GROUPS = 500;
/** Up to these many, each goes alone. */
const ALONE = 2000;

/**
 * The mean loss and the named metrics of out-of-fold predictions, with 95% intervals.
 *
 * The estimand is the performance of the k fitted models on new examples of the same kind, each model taking
 * its share of them: that of the models at hand, not of whatever else might have been trained. Where one
 * training example more or less hardly changes losses, the mean of n out-of-fold losses is normal around it
 * with the variance of single losses over n (Bayle, Bayle, Janson & Mackey 2020, their all-pairs estimator).
 * What isn't a mean is of all predictions together too (Forman & Scholz 2010 of F1), its variance by the
 * jackknife, over clusters where examples aren't independent.
 *
 * Rankings hold examples against each other, and scores of two models may not be on one scale: they are taken
 * within each fold and averaged by its examples (LeDell, Petersen & van der Laan 2015).
 * @returns `loss` where losses are known, and the metrics
 */
export function evaluateFolds(o: OutOfFold, names: readonly string[]): Record<string, MetricValue> {
  const groups = groupsOf(o);
  const values: Record<string, MetricValue> = {};
  if (o.losses) values['loss'] = measured(meanLeftOut(o.losses, groups), [0, Number.POSITIVE_INFINITY]);
  for (const name of names) {
    const entry = entryOf(name);
    const found = metricLeftOut(o, entry, groups);
    values[name] = measured(found, entry.range, atEnd(entry, o.predictions, groups.count));
  }
  return values;
}

export interface FoldDifference extends PairedDifference {
  readonly test: 'McNemar' | 'paired bootstrap' | 'paired jackknife';
}

/**
 * How far a metric of two cross-validations over the same folds and examples is apart, second minus first:
 * McNemar's test of shares of right examples where these are independent, else the jackknife of the
 * difference. No p where no interval of the metric is known.
 */
export function compareFolds(first: OutOfFold, second: OutOfFold, name: string): FoldDifference {
  invariant(first.folds.length === second.folds.length, 'the same examples');
  if (!first.clusters && name !== 'loss' && entryOf(name).right)
    return comparePaired(first.predictions, second.predictions, entryOf(name));
  const groups = groupsOf(first);
  const of = (o: OutOfFold): LeftOutInTurn =>
    name === 'loss'
      ? meanLeftOut(o.losses ?? new Float32Array(), groups)
      : metricLeftOut(o, entryOf(name), groups);
  const [a, b] = [of(first), of(second)];
  const test = 'paired jackknife' as const;
  if (a.value === null || b.value === null) return { difference: null, test };
  const difference = b.value - a.value;
  const without = a.without.flatMap((x, g) => {
    const y = b.without[g] ?? null;
    return x === null || y === null ? [] : [y - x];
  });
  const error = jackknifeError(without, a.strata);
  if (without.length < Math.max(2, a.without.length) || !(error > 1e-12 * Math.abs(difference)))
    return { difference, test };
  const freedom = without.length - 1;
  const half = studentQuantile(0.975, freedom) * error;
  const p = Math.min(1, 2 * studentCdf(-Math.abs(difference / error), freedom));
  return { difference, interval: [difference - half, difference + half], p, test };
}

function entryOf(name: string): MetricEntry {
  const entry = metrics.get(name);
  invariant(entry, `metric ${name} is known`);
  return entry;
}

/** Clusters, else examples; dealt into groups where there are many. */
function groupsOf({ folds, clusters }: OutOfFold): Grouping {
  const index = new Map<number, number>();
  const each = Array.from(clusters ?? [], (c) => {
    const found = index.get(c) ?? index.size;
    index.set(c, found);
    return found;
  });
  const units = clusters ? index.size : folds.length;
  const count = units <= ALONE ? units : GROUPS;
  const dealt = dealGroups(units, count);
  return { of: Array.from({ length: folds.length }, (_, i) => dealt[each[i] ?? i]!), count };
}

function metricLeftOut(o: OutOfFold, entry: MetricEntry, groups: Grouping): LeftOutInTurn {
  if (entry.interval?.kind === 'none') return { value: entry.compute(o.predictions), without: [] };
  if (!entry.ranks) return leftOut(o.predictions, entry, groups);
  const found = weightedLeftOut(o.predictions.count, withinFolds(o, entry), groups);
  // An example left out of few of its class in its fold counts for more than its share: as in DeLong's
  // variance (1988).
  return o.predictions.form === 'classes' && groups.count === o.folds.length
    ? { ...found, strata: strataOf(o, groups) }
    : found;
}

/** Examples of the same class in the same fold, for each group that is a single example. */
function strataOf({ predictions: { truth }, folds }: OutOfFold, { of }: Grouping): Float64Array {
  const sizes = new Map<string, number>();
  const stratum = (i: number) => `${folds[i]} ${truth[i]}`;
  for (let i = 0; i < folds.length; i++) sizes.set(stratum(i), (sizes.get(stratum(i)) ?? 0) + 1);
  const strata = new Float64Array(folds.length);
  // The only one of its class: without it the fold has no value, and tells of the folds' spread instead.
  for (let i = 0; i < folds.length; i++) strata[of[i]!] = Math.max(2, sizes.get(stratum(i))!);
  return strata;
}

/** A ranking within each fold, the folds' mean by their examples; of those for which it is defined. */
function withinFolds({ predictions: p, folds }: OutOfFold, { interval }: MetricEntry) {
  invariant(interval?.kind === 'rows', 'a ranking is taken under weights');
  const members = new Map<number, number[]>();
  for (let i = 0; i < p.count; i++) {
    const rows = members.get(folds[i]!);
    if (rows) rows.push(i);
    else members.set(folds[i]!, [i]);
  }
  const each = [...members.values()].map((rows) => ({
    rows,
    under: interval.under(takeRows(p, Uint32Array.from(rows))),
  }));
  return (weights: Weights): number | null => {
    let [sum, examples] = [0, 0];
    for (const { rows, under } of each) {
      const one = under(Float64Array.from(rows, (i) => weights[i]!));
      if (one === null) continue;
      sum += rows.length * one;
      examples += rows.length;
    }
    return examples === 0 ? null : sum / examples;
  };
}

/**
 * Where all or none succeed nothing varies: Wilson's interval of as many trials as there are independent
 * groups.
 */
function atEnd({ interval }: MetricEntry, p: Predictions, groups: number): Interval | undefined {
  const [successes, trials] = (interval?.kind === 'proportion' && interval.counts(p)) || [0, 0];
  if (trials === 0 || (successes > 0 && successes < trials)) return undefined;
  const independent = Math.min(groups, trials);
  return wilson(successes === 0 ? 0 : independent, independent);
}

function measured(
  { value, without, strata }: LeftOutInTurn,
  range: readonly [number, number],
  exact?: Interval,
): MetricValue {
  if (value === null || !Number.isFinite(value)) return { value: null };
  const interval = exact ?? jackknifeInterval(value, without, range, strata);
  return interval ? { value, interval } : { value };
}
