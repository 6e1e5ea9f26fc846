import { inOrder } from '../../base/order.ts';
import { drawn } from '../../catalog/audits/drawn.ts';
import { metrics } from '../../catalog/metrics/index.ts';
import { scoreOf } from '../../catalog/metrics/scores.ts';
import { classesOf } from '../../catalog/tasks/index.ts';
import { headline } from '../../config/headline.ts';
import type { Part } from '../../data/index.ts';
import {
  type Dependence,
  gridOf,
  type ImportanceReport,
  partialDependence,
  permutationImportance,
  type RowExplanation,
} from '../../evaluate/explain/index.ts';
import type { Predictions } from '../../protocol/predictions.ts';
import { outputNames } from '../../protocol/target.ts';
import type { Column } from '../../readers/raw-data.ts';
import { type Model, named, predictionsFor, type Sample, sampleOf } from './model.ts';

/** Examples whose predictions are averaged for a partial dependence, or for one row's effects. */
const AVERAGED = 500;
const REPEATS = 10;
/** Columns whose partial dependence is made: the most important ones. */
const SHOWN = 6;
/** Levels of a category in a partial dependence; others are left out. */
const MOST_LEVELS = 20;

const columnsOf = ({ source }: Model): readonly Column[] => source.columns!;

/**
 * Columns of the source are permuted, whatever the features make of them: all columns of a one-hot encoding
 * at once.
 */
export function importanceOf(model: Model, sample: Sample): Promise<ImportanceReport> {
  const { config } = model;
  const columns = columnsOf(model);
  const width = columns.length;
  const { values } = sample;
  return permutationImportance({
    columns: columns.map(({ name }) => name),
    count: sample.at.length,
    metric: metrics.get(headline(config))!,
    repeats: REPEATS,
    seed: config.seed,
    predict(j, from) {
      if (j === undefined) return predictionsFor(model, sample);
      const given = values.slice();
      from!.forEach((row, i) => {
        given[i * width + j] = values[row * width + j]!;
      });
      return predictionsFor(model, sample, given);
    },
  });
}

/**
 * The mean prediction with one column the same for all examples (Friedman 2001), for the most important
 * columns.
 */
export async function dependenceOf(
  model: Model,
  sample: Sample,
  { columns: ranked }: ImportanceReport,
): Promise<Dependence[]> {
  const columns = columnsOf(model);
  const taken = drawn(sample.at.length, AVERAGED, model.config.seed, 'explain/dependence');
  const some = sampleOf(
    model,
    sample.part,
    taken.map((i) => sample.at[i]!),
  );
  const out: Dependence[] = [];
  for (const { column: name } of ranked) {
    if (out.length === SHOWN) break;
    const j = columns.findIndex((column) => column.name === name);
    const column = columns[j]!;
    const { kind, levels = [] } = column;
    if (kind === 'text') continue;
    const own = Float64Array.from(sample.at, (_, i) => sample.values[i * columns.length + j]!);
    const grid = kind === 'category' ? levels.slice(0, MOST_LEVELS).map((_, k) => k) : gridOf(own);
    const means = await partialDependence(some.values, columns.length, j, grid, async (given) =>
      meansOf(await predictionsFor(model, some, given)),
    );
    const names = shownOutputs(model);
    out.push({
      column: name,
      kind,
      grid: kind === 'category' ? grid.map((k) => levels[k]!) : grid,
      outputs: names.map((output, k) => ({ name: output, values: means.map((mean) => mean[k]!) })),
    });
  }
  return out;
}

/** Of two classes the second alone: the other one mirrors it. */
function shownOutputs({ data: { target } }: Model): readonly string[] {
  const names = outputNames(target);
  return classesOf(target)?.length === 2 ? names.slice(1) : names;
}

/** The mean score of each output. */
function meansOf(p: Predictions): number[] {
  const count = p.form === 'classes' ? p.classes.length : p.units;
  const outputs = p.form === 'classes' && count === 2 ? [1] : Array.from({ length: count }, (_, k) => k);
  const score = (i: number, k: number) => scoreFor(p, i, k);
  return outputs.map((k) => {
    let sum = 0;
    for (let i = 0; i < p.count; i++) sum += score(i, k);
    return sum / p.count;
  });
}

/**
 * What the value in each column does to one row's score: the score less its mean over other examples' values
 * there.
 */
export async function rowEffects(
  model: Model,
  part: Part,
  position: number,
  background: Sample,
  asked: number | undefined,
): Promise<RowExplanation> {
  const columns = columnsOf(model);
  const one = sampleOf(model, part, Uint32Array.of(position));
  const p = await predictionsFor(model, one);
  const [truth, prediction] = named(p, 0);
  const { target } = model.data;
  const k = asked ?? (p.form === 'classes' ? p.predicted[0]! : p.form === 'labels' ? largest(p.scores) : 0);
  const score = (from: Predictions, i: number) => scoreFor(from, i, k);
  const others = drawn(background.at.length, AVERAGED, model.config.seed, 'explain/effects');
  // Labels don't matter here: any examples of the part stand for the copies of the row.
  const copies = { ...background, at: others.map((i) => background.at[i]!) };
  const width = columns.length;
  const effects: { column: string; value: string; effect: number }[] = [];
  for (const [j, column] of columns.entries()) {
    const given = new Float64Array(others.length * width);
    others.forEach((row, i) => {
      given.set(one.values, i * width);
      given[i * width + j] = background.values[row * width + j]!;
    });
    const changed = await predictionsFor(model, { ...copies, values: given });
    let sum = 0;
    for (const i of inOrder(others.length)) sum += score(changed, i);
    effects.push({
      column: column.name,
      value: shownValue(column, one.values[j]!),
      effect: score(p, 0) - sum / others.length,
    });
  }
  effects.sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect));
  return {
    kind: 'row',
    id: part.ids[position]!,
    truth,
    prediction,
    class: outputNames(target)[k]!,
    score: score(p, 0),
    columns: effects,
  };
}

const scoreFor = (p: Predictions, i: number, k: number): number =>
  p.form === 'classes' ? scoreOf(p, i, k) : p.scores[i * p.units + k]!;

/** The likeliest label. */
const largest = (scores: Float32Array): number => scores.indexOf(Math.max(...scores));

function shownValue({ kind, levels = [] }: Column, value: number): string {
  if (Number.isNaN(value)) return '(missing)';
  if (kind === 'category' || kind === 'text') return levels[value] ?? '(unknown)';
  if (kind === 'date') return new Date(value * 86_400_000).toISOString().slice(0, 10);
  return kind === 'binary' ? String(value === 1) : String(Number(value.toPrecision(7)));
}
