import * as z from 'zod';
import { inOrder } from '../../base/order.ts';
import { once, positive, count as wholeCount } from '../fields.ts';
import { growthFields } from './decision-tree.ts';
import { classShares, targetMeans } from './dummy.ts';
import type {
  Answers,
  FitStart,
  Fitted,
  ModelEntry,
  ModelState,
  Round,
  Rows,
  TrainingRows,
} from './model.ts';
import { doubles } from './state.ts';
import { between, Forest, leafOf, SAME, type Trees, treesOf } from './trees.ts';

const schema = once(() =>
  z.strictObject({
    n_estimators: wholeCount().default(100).describe('rounds: in each, one tree for each class or target'),
    learning_rate: positive().default(0.1).describe('share of each tree’s answer that is added'),
    ...growthFields(3),
  }),
);
type Fields = z.infer<ReturnType<typeof schema>>;

/** Levels that unlimited trees are taken to have, for the estimate of their cost. */
const USUAL_DEPTH = 12;

/**
 * GradientBoostingClassifier() and GradientBoostingRegressor(): trees, each fitted to what the others leave
 * (Friedman 2001), one for each class or target in every round; two classes share one. State: `start`
 * [lines], and the trees of `trees.ts` in the order of rounds, then lines; leaves hold what they add.
 */
export const gradientBoosting: ModelEntry<Fields> = {
  name: 'gradient_boosting',
  help: 'small trees, every one for what the others left over',
  get schema() {
    return schema();
  },
  needs: ['classes', 'labels', 'numbers'],
  unit: 'round',
  tablesOnly: true,
  small: {
    fields: { max_depth: 1 },
    help: '100 trees of one question each, every one for what the others left over',
  },
  cost: ({ train, test, width, outputs }, { n_estimators, max_depth }) => {
    const trees = n_estimators * (outputs === 2 ? 1 : outputs);
    const depth = max_depth ?? USUAL_DEPTH;
    return (
      width * train * (4 * Math.log2(train + 2) + 3 * depth * trees) + depth * trees * (test + 8 * train)
    );
  },
  fit: boost,
  predict(state, rows, answers) {
    const { outputs, form } = answers;
    const [start, trees] = [doubles(state, 'start'), treesOf(state)];
    const out = new Float32Array(rows.count * outputs);
    for (let i = 0; i < rows.count; i++) {
      const own = start.slice();
      addAnswers(trees, rows, i, own, own.length, 0);
      out.set(form === 'classes' ? softmax(own) : own, i * outputs);
    }
    return out;
  },
};

const linesOf = ({ form, outputs }: Answers): number => (form === 'classes' && outputs === 2 ? 1 : outputs);

function* boost(rows: TrainingRows, fields: Fields, start?: FitStart): Generator<Round, Fitted> {
  const { n_estimators, learning_rate } = fields;
  const lines = linesOf(rows);
  const from = starts(rows, lines);
  const forest = start ? Forest.of(treesOf(start.state), 1) : new Forest(1);
  const z = new Float64Array(rows.count * lines).map((_, i) => from[i % lines]!);
  const earlier = start && treesOf(start.state);
  if (earlier) for (let i = 0; i < rows.count; i++) addAnswers(earlier, rows, i, z, lines, i * lines);
  const state = (): ModelState => new Map([['start', from], ...forest.state()]);
  const sorted = sortColumns(rows);
  const [residual, weight] = [new Float64Array(rows.count), new Float64Array(rows.count)];
  for (let round = start?.done ?? 0; round < n_estimators; round++) {
    const before = z.slice();
    for (let k = 0; k < lines; k++) {
      residuals(rows, before, lines, k, residual, weight);
      const value = leafValue(residual, weight, rows.form === 'classes' ? lines : 0);
      const root = growTree(rows, sorted, residual, fields, forest, (of) => learning_rate * value(of));
      for (let i = 0; i < rows.count; i++) z[i * lines + k]! += forest.valueAt(forest.leafOf(root, rows, i));
    }
    yield { done: round + 1, most: n_estimators, metrics: { loss: meanLoss(rows, z, lines) }, state };
  }
  return {
    state: state(),
    facts: { trees: n_estimators * lines, nodes: forest.nodes, leaves: forest.leaves },
  };
}

/** Adds what all trees say of a row, in the order in which they were grown, to its lines of z. */
function addAnswers(
  trees: Trees,
  rows: Rows,
  row: number,
  z: Float64Array,
  lines: number,
  from: number,
): void {
  const { roots, value } = trees;
  for (let t = 0; t < roots.length; t++)
    z[from + (t % lines)]! += value[leafOf(trees, roots[t]!, rows, row)]!;
}

/** Log odds, logarithms of the shares, or means. */
function starts(rows: TrainingRows, lines: number): Float64Array {
  const bounded = (p: number) => Math.min(Math.max(p, 1.2e-7), 1 - 1.2e-7);
  if (rows.form === 'numbers') return targetMeans(rows);
  const shares = classShares(rows);
  if (lines === 1) return Float64Array.of(Math.log(bounded(shares[1]!) / (1 - bounded(shares[1]!))));
  return shares.map((share) => Math.log(bounded(share)));
}

function softmax(z: Float64Array): Float64Array {
  if (z.length === 1) {
    const p = 1 / (1 + Math.exp(-z[0]!));
    return Float64Array.of(1 - p, p);
  }
  const top = Math.max(...z);
  const e = z.map((v) => Math.exp(v - top));
  const sum = e.reduce((a, b) => a + b);
  return e.map((v) => v / sum);
}

/** What is left of the truth, and the curvature of the loss there. */
function residuals(
  { y, count, form }: TrainingRows,
  z: Float64Array,
  lines: number,
  k: number,
  residual: Float64Array,
  weight: Float64Array,
): void {
  for (let i = 0; i < count; i++) {
    const row = z.subarray(i * lines, (i + 1) * lines);
    if (form === 'numbers') residual[i] = y[i * lines + k]! - row[k]!;
    else {
      const p = softmax(row)[lines === 1 ? 1 : k]!;
      const truth = y[i] === (lines === 1 ? 1 : k) ? 1 : 0;
      residual[i] = truth - p;
      weight[i] = p * (1 - p);
    }
  }
}

/** Crossentropy, or half of the squared error, as means over the rows. */
function meanLoss({ y, count, form }: TrainingRows, z: Float64Array, lines: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const row = z.subarray(i * lines, (i + 1) * lines);
    if (form === 'classes') sum -= Math.log(Math.max(softmax(row)[y[i]!]!, 1e-300));
    else for (let k = 0; k < lines; k++) sum += (y[i * lines + k]! - row[k]!) ** 2 / (2 * lines);
  }
  return sum / count;
}

/** Rows by rising value, for each column: sorted once. */
function sortColumns({ x, count, width }: Rows): Uint32Array[] {
  return Array.from({ length: width }, (_, column) =>
    inOrder(count).sort((a, b) => x[a * width + column]! - x[b * width + column]!),
  );
}

/**
 * What a leaf with these rows answers.
 * @param lines of a classification: a Newton step, (K - 1) / K · Σ residual / Σ p (1 - p); else 0
 */
const leafValue =
  (residual: Float64Array, weight: Float64Array, lines: number) =>
  (members: Uint32Array): number => {
    let [sum, curvature] = [0, 0];
    for (const i of members) {
      sum += residual[i]!;
      curvature += weight[i]!;
    }
    if (lines === 0) return sum / members.length;
    const scale = lines === 1 ? 1 : (lines - 1) / lines;
    return Math.abs(curvature) < 1e-150 ? 0 : (scale * sum) / curvature;
  };

/** Rows of a node, and the same by rising value of each column. */
interface Part {
  readonly members: Uint32Array;
  readonly sorted: readonly Uint32Array[];
}

/** Grows a tree for the residuals. @returns its root */
function growTree(
  rows: Rows,
  sorted: readonly Uint32Array[],
  residual: Float64Array,
  { max_depth, min_samples_split, min_samples_leaf }: Fields,
  forest: Forest,
  answer: (members: Uint32Array) => number,
): number {
  forest.plant();
  const root = forest.leaf([0]);
  const pending = [{ members: inOrder(rows.count), sorted, depth: 0, node: root }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { members, depth, node } = next;
    if ((max_depth !== null && depth >= max_depth) || members.length < min_samples_split) continue;
    // The root always asks, however little there is left to learn.
    if (node !== root && varianceOf(residual, members) <= Number.EPSILON) continue;
    const split = bestSplit(rows, next, residual, min_samples_leaf);
    if (!split) continue;
    const { column, at } = split;
    const below = (i: number) => rows.x[i * rows.width + column]! <= at;
    const [low, high] = [below, (i: number) => !below(i)].map((side) => {
      const own = members.filter(side);
      const last = depth + 1 === max_depth;
      return {
        members: own,
        sorted: last ? [] : next!.sorted.map((order) => order.filter(side)),
        depth: depth + 1,
        node: forest.leaf([answer(own)]),
      };
    });
    forest.split(node, column, at, low!.node, high!.node);
    pending.push(high!, low!);
  }
  return root;
}

function varianceOf(residual: Float64Array, members: Uint32Array): number {
  let [sum, squares] = [0, 0];
  for (const i of members) sum += residual[i]!;
  const mean = sum / members.length;
  for (const i of members) squares += (residual[i]! - mean) ** 2;
  return squares / members.length;
}

/**
 * Friedman's improvement: size · size of the other side · (difference of the means)² / size of both, at its
 * largest.
 */
function bestSplit(
  { x, width }: Rows,
  { members, sorted }: Part,
  residual: Float64Array,
  least: number,
): { column: number; at: number } | undefined {
  const count = members.length;
  let all = 0;
  for (const i of members) all += residual[i]!;
  let best: { column: number; at: number } | undefined;
  let most = Number.NEGATIVE_INFINITY;
  for (let column = 0; column < width; column++) {
    const order = sorted[column]!;
    let left = 0;
    let low = x[order[0]! * width + column]!;
    for (let m = 1; m < count; m++) {
      left += residual[order[m - 1]!]!;
      const high = x[order[m]! * width + column]!;
      if (high > low + SAME && m >= least && count - m >= least) {
        const apart = left / m - (all - left) / (count - m);
        const gain = (m * (count - m) * apart * apart) / count;
        if (gain > most) {
          most = gain;
          best = { column, at: between(low, high) };
        }
      }
      low = high;
    }
  }
  return best;
}
