import { metrics } from '../catalog/metrics/index.ts';
import type { MetricEntry, MetricValue, Predictions } from '../catalog/metrics/metric.ts';
import { invariant } from '../errors.ts';
import { bootstrap } from './bootstrap.ts';
import { type Interval, normalInterval, wilson } from './intervals.ts';

/**
 * The mean loss and every named metric of one split, with 95% intervals: Wilson's for proportions, normal for
 * means, a percentile bootstrap for the rest.
 * @param exampleLoss `[count]`, without the penalties of regularizers
 */
export function evaluateSplit(
  p: Predictions,
  names: readonly string[],
  exampleLoss: Float32Array,
): Record<string, MetricValue> {
  const entries = names.map((name) => {
    const entry = metrics.get(name);
    invariant(entry, `metric ${name} passed validation`);
    invariant(entry.tasks.includes(p.task), `metric ${name} passed validation for ${p.task}`);
    return entry;
  });
  const drawn = bootstrap(
    p,
    entries.filter((entry) => !entry.interval),
  );
  const values: Record<string, MetricValue> = {
    loss: measured(meanOf(exampleLoss), normalInterval(exampleLoss)),
  };
  for (const entry of entries)
    values[entry.name] = measured(entry.compute(p), known(entry, p) ?? drawn.get(entry.name));
  return values;
}

function known({ interval }: MetricEntry, p: Predictions): Interval | undefined {
  if (!interval) return undefined;
  return interval.kind === 'proportion' ? wilson(...interval.counts(p)) : normalInterval(interval.values(p));
}

/** JSON has no NaN: what isn't finite counts as undefined. */
function measured(value: number | null, interval: Interval | undefined): MetricValue {
  if (value === null || !Number.isFinite(value)) return { value: null };
  return interval ? { value, interval } : { value };
}

function meanOf(values: Float32Array): number | null {
  if (values.length === 0) return null;
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
