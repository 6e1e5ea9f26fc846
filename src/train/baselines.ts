import { type Examples, inputsOf, TARGET } from '../base/examples.ts';
import { inOrder } from '../base/order.ts';
import { shuffled, streamKey } from '../base/random.ts';
import { sizeOf } from '../base/shape.ts';
import { takeRows } from '../catalog/metrics/take-rows.ts';
import {
  type AnyModel,
  models as catalogue,
  finished,
  fitEach,
  predictEach,
  type Rows,
  type TrainingRows,
} from '../catalog/models/index.ts';
import { fits, taskOf } from '../catalog/tasks/index.ts';
import type { Config } from '../config/config.ts';
import { headline } from '../config/headline.ts';
import { invariant } from '../errors.ts';
import { type BaselineReport, compareBaselines, type TriedBaseline } from '../evaluate/index.ts';
import { inputsOfPlan, type Plan } from '../plan/index.ts';
import type { Predictions } from '../protocol/predictions.ts';
import type { TargetShape } from '../protocol/target.ts';
import { expectedSeconds } from './expected-seconds.ts';

/**
 * What the budget assumes; never measured, so that a run's result doesn't depend on how busy its machine is.
 */
const OPERATIONS_A_SECOND = 2.5e8;
/** Of the run's expected time, just below the eighth that README and `mlx init` promise. */
export const BASELINES_SHARE = 0.12;
/** Values of the scored examples beyond which only some of them, by chance, are looked at by default. */
const MOST_SCORED = 800_000;
const LEAST_SCORED = 1000;
/** Fewer rows than this for each class say nothing. */
const LEAST_ROWS = 10;

interface Trial {
  readonly config: Config;
  /** Fields of each baseline by its name. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly plan: Plan;
  readonly target: TargetShape;
  readonly train: Examples;
  readonly scored: Examples;
  readonly split: BaselineReport['split'];
  /** The network's predictions of `scored`. */
  readonly network: Predictions;
}

/**
 * Fits the baselines on the prepared training rows and compares each with the network on the same examples.
 * Those of the config get all rows; by default each gets as many as fit an eighth of the run's expected time,
 * and many scored examples are compared on a part of them.
 */
export function tryBaselines(trial: Trial, stopRequested: () => boolean): BaselineReport | undefined {
  const { config, fields: small, plan, target, train, scored, network, split } = trial;
  const task = taskOf(config.task);
  const asked = config.evaluation.baselines;
  const width = inputsOfPlan(plan.data).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const outputs = task.target.outputs(target).length;
  const table = inputsOfPlan(plan.data).every(({ raw }) => raw.length === 1);
  const chosen = [...catalogue.values()].filter((entry) =>
    asked === 'auto' ? fits(entry, task) && (table || !entry.tablesOnly) : asked.includes(entry.name),
  );
  if (chosen.length === 0 || train.count < 2 || scored.count === 0) return undefined;
  const density = densityOf(train, width);
  const most = Math.max(LEAST_SCORED, Math.floor(MOST_SCORED / width));
  const rowsScored = subset(
    scored.count,
    asked === 'auto' ? Math.min(scored.count, most) : scored.count,
    config.seed,
  );
  const test = rowsScored.length;
  const own = test === scored.count ? network : takeRows(network, rowsScored);
  // Labels are as many models of two classes.
  const [models, each] = task.eachAlone ? [outputs, 2] : [1, outputs];
  const cost = (entry: AnyModel, rows: number) =>
    (models * entry.cost({ train: rows, test, width, outputs: each, density }, small[entry.name])) /
    OPERATIONS_A_SECOND;
  let budget =
    asked === 'auto'
      ? BASELINES_SHARE * expectedSeconds(plan, config.training.epochs)
      : Number.POSITIVE_INFINITY;
  // The cheapest first: what they leave of their shares goes to the others.
  const order = chosen.toSorted((a, b) => cost(a, train.count) - cost(b, train.count));
  const tried: TriedBaseline[] = [];
  const skipped: { name: string; reason: string }[] = [];
  const given = rowsOf(scored, rowsScored, width);
  let seen: TrainingRows | undefined;
  order.forEach((entry, i) => {
    const share = budget / (order.length - i);
    const rows = mostRows((n) => cost(entry, n) <= share, train.count);
    if (rows < Math.min(train.count, LEAST_ROWS * outputs)) {
      skipped.push({
        name: entry.name,
        reason: 'too slow for an eighth of the run’s time; name it in evaluation.baselines',
      });
      return;
    }
    if (stopRequested()) return;
    budget -= cost(entry, rows);
    const began = performance.now();
    if (seen?.count !== rows)
      seen = trainingRows(trial, subset(train.count, rows, config.seed), width, outputs);
    const margins = entry.margins === true;
    const fields = small[entry.name];
    const { state } = finished(task.eachAlone ? fitEach(entry, seen, fields) : entry.fit(seen, fields));
    const scores = task.eachAlone
      ? predictEach(entry, state, given, outputs)
      : entry.predict(state, given, seen);
    const predictions = task.predictions({
      target,
      scores,
      units: outputs,
      truth: own.truth,
      decision: task.decision(margins),
      margins,
    });
    tried.push({
      name: entry.name,
      predictions,
      seconds: (performance.now() - began) / 1000,
      examples: rows,
    });
  });
  if (stopRequested()) return undefined;
  const listed = chosen.flatMap(({ name }) => tried.find((one) => one.name === name) ?? []);
  return compareBaselines(own, listed, headline(config), split, skipped);
}

/** The largest n up to `all` that fits; `fits` holds for fewer where it holds for more. */
function mostRows(fits: (n: number) => boolean, all: number): number {
  if (fits(all)) return all;
  let [low, high] = [0, all];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/** Some rows at random, ascending; all where all are asked for. */
function subset(all: number, rows: number, seed: number): Uint32Array {
  if (rows === all) return inOrder(all);
  return shuffled(inOrder(all), streamKey(seed, 'baseline/rows')).slice(0, rows).sort();
}

function rowsOf(examples: Examples, order: Uint32Array, width: number): Rows {
  const x = new Float32Array(order.length * width);
  const [only, ...more] = inputsOf(examples);
  invariant(only, 'examples have an input');
  if (more.length === 0) examples.fill(only.name, x, order, 0, order.length);
  else sideBySide(examples, x, order, width);
  return { count: order.length, width, x };
}

/** All inputs of an example in one row. */
function sideBySide(examples: Examples, x: Float32Array, order: Uint32Array, width: number): void {
  let start = 0;
  for (const { name, shape } of inputsOf(examples)) {
    const own = sizeOf(shape);
    const values = new Float32Array(order.length * own);
    examples.fill(name, values, order, 0, order.length);
    for (let i = 0; i < order.length; i++) x.set(values.subarray(i * own, (i + 1) * own), i * width + start);
    start += own;
  }
}

function trainingRows(
  { config, train, target }: Trial,
  order: Uint32Array,
  width: number,
  outputs: number,
): TrainingRows {
  const { shape, dtype } = taskOf(config.task).target.y(target);
  const length = order.length * sizeOf(shape);
  const y = dtype === 'i32' ? new Int32Array(length) : new Float32Array(length);
  train.fill(TARGET, y, order, 0, order.length);
  const form = dtype === 'i32' ? 'classes' : 'numbers';
  return { ...rowsOf(train, order, width), y, outputs, form, seed: config.seed };
}

/** The share of values that aren't 0, of the first rows. */
function densityOf(train: Examples, width: number): number {
  const { x } = rowsOf(train, inOrder(Math.min(train.count, 200)), width);
  let some = 0;
  for (const value of x) if (value !== 0) some++;
  return some / x.length;
}
