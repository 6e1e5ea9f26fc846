import type { AuditData, PartName } from '../../catalog/audits/index.ts';
import { oneFeatureScore } from '../../catalog/audits/one-feature.ts';
import type { Column } from '../../readers/raw-data.ts';
import { chiSquared, kolmogorovSmirnov } from './drift.ts';
import type { ByPart, ColumnLook } from './look.ts';

/** Rows of a part that are looked at, column by column. */
export interface PartSample {
  readonly count: number;
  readonly values: readonly Float64Array[];
  /** What a record calls the rows. */
  readonly ids: Uint32Array;
}
export type Samples = Readonly<Record<PartName, PartSample>>;

const BINS = 20;
const LEVELS = 12;
const FARTHEST = 5;

/** A summary of column j. The target is used on training rows only. */
export function lookAtColumn(column: Column, j: number, samples: Samples, data: AuditData): ColumnLook {
  const { name, kind } = column;
  const all = each(samples, ({ values }) => values[j]!);
  const present = mapped(all, (values) => values.filter((value) => !Number.isNaN(value)));
  const train = present.train!;
  const measured = kind === 'number' || kind === 'date';
  const { sample, classes } = data;
  return {
    name,
    kind,
    missing: mapped(all, (values, part) => 1 - present[part]!.length / values.length),
    distinct: new Set(train).size,
    ...(measured && train.length > 0
      ? { numbers: numbersOf(train, samples.train, j), ...histogramOf(present), ...drifted(present, 'ks') }
      : {}),
    ...(measured ? {} : levelsOf(column, present)),
    ...(sample && kind !== 'text'
      ? { relation: oneFeatureScore(sample.values[j]!, sample.labels, classes?.length) }
      : {}),
  };
}

function each<T>(samples: Samples, make: (sample: PartSample) => T): Partial<Record<PartName, T>> {
  return Object.fromEntries(
    Object.entries(samples).flatMap(([name, sample]) => (sample.count > 0 ? [[name, make(sample)]] : [])),
  );
}

function mapped<A, B>(
  of: Partial<Record<PartName, A>>,
  make: (value: A, part: PartName) => B,
): Partial<Record<PartName, B>> {
  return Object.fromEntries(
    Object.entries(of).map(([part, value]) => [part, make(value as A, part as PartName)]),
  );
}

/** R's type 7 quantile of ascending values. */
export function quantile(sorted: Float64Array, q: number): number {
  const at = (sorted.length - 1) * q;
  const low = Math.floor(at);
  return sorted[low]! + (at - low) * ((sorted[low + 1] ?? sorted[low]!) - sorted[low]!);
}

function numbersOf(present: Float64Array, { values, ids }: PartSample, j: number): ColumnLook['numbers'] {
  const sorted = present.slice().sort();
  const [q1, median, q3] = [0.25, 0.5, 0.75].map((q) => quantile(sorted, q)) as [number, number, number];
  const mean = present.reduce((a, b) => a + b, 0) / present.length;
  const std = Math.sqrt(present.reduce((a, b) => a + (b - mean) ** 2, 0) / present.length);
  const reach = 3 * (q3 - q1);
  const beyond = (value: number) => Math.max(value - q3, q1 - value) - reach;
  const out = reach > 0 ? [...values[j]!.keys()].filter((i) => beyond(values[j]![i]!) > 0) : [];
  const farthest = out
    .sort((a, b) => beyond(values[j]![b]!) - beyond(values[j]![a]!) || a - b)
    .slice(0, FARTHEST)
    .map((i) => ({ row: ids[i]! + 1, value: values[j]![i]! }));
  return { min: sorted[0]!, q1, median, q3, max: sorted.at(-1)!, mean, std, outliers: out.length, farthest };
}

/**
 * Bins of equal width over what lies within 3 interquartile ranges, so that one outlier doesn't hide the
 * rest.
 */
export function histogramOf(present: ByPart<Float64Array>): { histogram?: ColumnLook['histogram'] } {
  const sorted = present.train?.slice().sort();
  if (!sorted || sorted.length === 0) return {};
  const reach = 3 * (quantile(sorted, 0.75) - quantile(sorted, 0.25));
  let [low, high] = [sorted[0]!, sorted.at(-1)!];
  if (reach > 0) {
    low = Math.max(low, quantile(sorted, 0.25) - reach);
    high = Math.min(high, quantile(sorted, 0.75) + reach);
  }
  if (!(high > low)) high = low + 1;
  // Whole numbers with few values get a bin each.
  const whole = sorted.every(Number.isInteger) && high - low < BINS;
  const count = whole ? Math.round(high - low) + 1 : BINS;
  if (whole) [low, high] = [low - 0.5, high + 0.5];
  const edges = Array.from({ length: count + 1 }, (_, i) => low + ((high - low) * i) / count);
  const shares = mapped(present as Partial<Record<PartName, Float64Array>>, (values) => {
    const bins = new Array<number>(count).fill(0);
    for (const value of values) {
      const bin = Math.floor(((value - low) / (high - low)) * count);
      bins[Math.min(count - 1, Math.max(0, bin))]! += 1 / values.length;
    }
    return bins;
  });
  return { histogram: { edges, shares } };
}

function levelsOf(
  { kind, levels = [] }: Column,
  present: Partial<Record<PartName, Float64Array>>,
): Partial<ColumnLook> {
  const names = kind === 'binary' ? ['false', 'true'] : levels;
  const counts = mapped(present, (values) => {
    const out = new Array<number>(names.length + 1).fill(0);
    // Levels that training doesn't have come last.
    for (const value of values) out[value >= 0 ? value : names.length]! += 1;
    return out;
  });
  const order = [...names.keys()].sort((a, b) => counts.train![b]! - counts.train![a]! || a - b);
  const [top, rest] = [order.slice(0, LEVELS), order.slice(LEVELS)];
  const unknown = Object.values(counts).some((of) => of[names.length]! > 0);
  const together = rest.length > 0 || unknown;
  const label = rest.length > 0 ? `${rest.length} others` : 'not in training';
  const shares = mapped(counts, (of) => {
    const total = Math.max(
      1,
      of.reduce((a, b) => a + b, 0),
    );
    const tail = rest.reduce((a, i) => a + of[i]!, of[names.length]!);
    return [...top.map((i) => of[i]! / total), ...(together ? [tail / total] : [])];
  });
  const drift =
    counts.train && counts.test
      ? { drift: { test: 'chi2', ...chiSquared(counts.train, counts.test) } as const }
      : {};
  return {
    levels: { names: [...top.map((i) => names[i]!), ...(together ? [label] : [])], shares },
    ...drift,
  };
}

function drifted(
  { train, test }: Partial<Record<PartName, Float64Array>>,
  name: 'ks',
): Pick<ColumnLook, 'drift'> {
  if (!train || !test || train.length === 0 || test.length === 0) return {};
  return { drift: { test: name, ...kolmogorovSmirnov(train, test) } };
}
