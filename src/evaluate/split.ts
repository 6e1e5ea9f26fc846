import { metrics } from '../catalog/metrics/index.ts';
import type { MetricEntry } from '../catalog/metrics/metric.ts';
import { invariant } from '../errors.ts';
import type { MetricValue } from '../protocol/metric-values.ts';
import type { Predictions } from '../protocol/predictions.ts';
import { bootstrap } from './bootstrap.ts';
import { type Interval, wilson } from './intervals.ts';

/**
 * The mean loss and every named metric of one split, with 95% intervals: Wilson's for proportions, the
 * bootstrap's for the rest.
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
    invariant(entry.needs.includes(p.form), `metric ${name} passed validation for ${p.form}`);
    return entry;
  });
  const shares = new Map(entries.map((entry) => [entry.name, share(entry, p)]));
  const drawn = bootstrap(
    p,
    entries.filter(({ name }) => !shares.get(name)),
    { loss: exampleLoss },
  );
  const values: Record<string, MetricValue> = {
    loss: measured(meanOf(exampleLoss), drawn.get('loss')),
  };
  for (const entry of entries)
    values[entry.name] = measured(entry.compute(p), shares.get(entry.name) ?? drawn.get(entry.name));
  return values;
}

/** Wilson's interval, where the metric is a share. */
function share({ interval }: MetricEntry, p: Predictions): Interval | undefined {
  const counts = interval?.kind === 'proportion' ? interval.counts(p) : null;
  return counts ? wilson(...counts) : undefined;
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
