import { metrics } from '../catalog/metrics/index.ts';
import { type AnyTask, type KeptPredictions, tasks } from '../catalog/tasks/index.ts';
import type { Predictions } from '../protocol/predictions.ts';
import { comparePaired, type PairedDifference } from './paired.ts';

/** How a metric differs between two models on the same examples. */
export interface MetricDifference extends PairedDifference {
  readonly name: string;
  readonly direction: 'higher' | 'lower';
  readonly test: 'McNemar' | 'paired bootstrap';
}

/** Those of the named metrics that are known and apply, second minus first. */
export function compareMetrics(
  first: Predictions,
  second: Predictions,
  names: readonly string[],
): MetricDifference[] {
  return names.flatMap((name) => {
    const entry = metrics.get(name);
    if (!entry?.needs.includes(first.form)) return [];
    return [{ name, direction: entry.direction, ...comparePaired(first, second, entry) }];
  });
}

/** Predictions of a finished run from the cells that it has kept, or why they can't be read. */
export const readKept = (task: string, kept: KeptPredictions): ReturnType<AnyTask['read']> =>
  tasks.get(task)?.read(kept) ?? { missing: `this version of mlx knows no task ${JSON.stringify(task)}` };

/** Which way a metric is better: of a loss, lower. */
export const directionOf = (name: string): 'higher' | 'lower' => metrics.get(name)?.direction ?? 'lower';

/** A metric of the catalogue, as the loss is not. */
export const isMetric = (name: string): boolean => metrics.has(name);

/** What values it can take; no loss is below 0. */
export const rangeOf = (name: string): readonly [number, number] =>
  metrics.get(name)?.range ?? [name === 'loss' ? 0 : Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
