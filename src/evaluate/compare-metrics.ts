import { countLabels, metrics } from '../catalog/metrics/index.ts';
import { taskOf } from '../catalog/tasks/index.ts';
import type { PredictionForm, Predictions } from '../protocol/predictions.ts';
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

/** The form of a task's predictions. */
export const formOfTask = (task: string): PredictionForm => taskOf(task).form;

/** Which way a metric is better: of a loss, lower. */
export const directionOf = (name: string): 'higher' | 'lower' => metrics.get(name)?.direction ?? 'lower';

/** A metric of the catalogue, as the loss is not. */
export const isMetric = (name: string): boolean => metrics.has(name);

/** What values it can take; no loss is below 0. */
export const rangeOf = (name: string): readonly [number, number] =>
  metrics.get(name)?.range ?? [name === 'loss' ? 0 : Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];

/** Class predictions as a table of a run has them, by the names of the classes. */
export function classPredictions(
  classes: readonly string[],
  truth: readonly string[],
  predicted: readonly string[],
  scores: Float32Array,
): Predictions {
  const index = new Map(classes.map((name, i) => [name, i]));
  const of = (names: readonly string[]) => Int32Array.from(names, (name) => index.get(name) ?? -1);
  const [t, p] = [of(truth), of(predicted)];
  const confusion = classes.map(() => new Array<number>(classes.length).fill(0));
  t.forEach((row, i) => {
    const cells = confusion[row];
    if (cells) cells[p[i]!] = (cells[p[i]!] ?? 0) + 1;
  });
  const units = t.length > 0 ? scores.length / t.length : 1;
  return {
    form: 'classes',
    count: t.length,
    units,
    scores,
    margins: false,
    truth: t,
    predicted: p,
    classes,
    confusion,
  };
}

/** Label predictions as a table of a run has them, 0 and 1 `[count, labels]`. */
export function labelPredictions(
  labels: readonly string[],
  truth: Float32Array,
  predicted: Float32Array,
  scores: Float32Array,
): Predictions {
  const units = labels.length;
  const plain = {
    form: 'labels' as const,
    margins: false,
    count: scores.length / units,
    units,
    scores,
    truth: Int32Array.from(truth),
    predicted: Int32Array.from(predicted),
    labels,
  };
  return { ...plain, counts: countLabels(plain) };
}

/** Predicted numbers beside the true ones, `[count, units]` each. */
export const numberPredictions = (truth: Float32Array, scores: Float32Array, units: number): Predictions => ({
  form: 'numbers',
  count: scores.length / units,
  units,
  scores,
  truth,
});
