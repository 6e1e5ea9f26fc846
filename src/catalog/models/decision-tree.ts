import * as z from 'zod';
import { inOrder } from '../../base/order.ts';
import { once, count as wholeCount } from '../fields.ts';
import type { ModelEntry, TrainingRows } from './model.ts';
import { between, Forest, leafOf, SAME, treesOf } from './trees.ts';

/** Of one tree: how far it may grow. */
export const growthFields = (depth: number | null) => ({
  max_depth: wholeCount()
    .nullable()
    .default(depth)
    .describe('most questions for one row; null: as many as it takes'),
  min_samples_split: z.int().min(2).default(2).describe('a node with fewer rows asks nothing more'),
  min_samples_leaf: wholeCount().default(1).describe('rows that each answer of a question must have'),
});
const schema = once(() => z.strictObject(growthFields(null)));
type Fields = z.infer<ReturnType<typeof schema>>;

/** Levels that an unlimited tree is taken to have, for the estimate of its cost. */
const USUAL_DEPTH = 12;

/**
 * DecisionTreeClassifier() by Gini impurity, DecisionTreeRegressor() by squared error: CART (Breiman et al.
 * 1984). Of equally good splits the first column is taken, where scikit-learn takes a random one. State: one
 * tree of `trees.ts`, each node with the shares of the classes or the means of the targets.
 */
export const decisionTree: ModelEntry<Fields> = {
  name: 'decision_tree',
  help: 'questions of the form "is this column at most so large?", one after another',
  get schema() {
    return schema();
  },
  needs: ['classes', 'labels', 'numbers'],
  unit: 'fit',
  small: {
    fields: { max_depth: 5 },
    help: 'at most 5 questions of the form "is this column at most so large?"',
  },
  cost: ({ train, test, width, outputs }, { max_depth }) =>
    (max_depth ?? USUAL_DEPTH) * train * width * (4 * Math.log2(train + 2) + 2 * outputs) + 10 * test,
  *fit(rows, fields) {
    const forest = new Forest(rows.outputs);
    forest.plant();
    const root = { members: inOrder(rows.count), depth: 0, node: -1 };
    const pending = [{ ...root, node: forest.leaf(summed(rows, root.members).means) }];
    for (let next = pending.pop(); next; next = pending.pop()) {
      const { members, depth, node } = next;
      const open = fields.max_depth === null || depth < fields.max_depth;
      if (!open || members.length < fields.min_samples_split) continue;
      if (summed(rows, members).impurity <= Number.EPSILON) continue;
      const split = bestSplit(rows, members, fields.min_samples_leaf);
      if (!split) continue;
      const { column, at } = split;
      const below = (i: number) => rows.x[i * rows.width + column]! <= at;
      const [low, high] = [members.filter(below), members.filter((i) => !below(i))].map((own) => ({
        members: own,
        depth: depth + 1,
        node: forest.leaf(summed(rows, own).means),
      }));
      forest.split(node, column, at, low!.node, high!.node);
      pending.push(high!, low!);
    }
    return { state: forest.state(), facts: { nodes: forest.nodes, leaves: forest.leaves } };
  },
  predict(state, rows, { outputs }) {
    const trees = treesOf(state);
    const out = new Float32Array(rows.count * outputs);
    for (let i = 0; i < rows.count; i++) {
      const leaf = leafOf(trees, 0, rows, i);
      out.set(trees.value.subarray(leaf * outputs, (leaf + 1) * outputs), i * outputs);
    }
    return out;
  },
};

/** Adds example i's truth to sums: its class, or its targets. */
function add({ y, outputs, form }: TrainingRows, i: number, sums: Float64Array): void {
  if (form === 'classes') sums[y[i]!]!++;
  else for (let k = 0; k < outputs; k++) sums[k]! += y[i * outputs + k]!;
}

interface Summary {
  readonly sums: Float64Array;
  readonly means: Float64Array;
  readonly impurity: number;
}

function summed(rows: TrainingRows, members: Uint32Array): Summary {
  const { y, outputs, form } = rows;
  const sums = new Float64Array(outputs);
  for (const i of members) add(rows, i, sums);
  const n = members.length;
  const means = sums.map((sum) => sum / n);
  if (form === 'classes') return { sums, means, impurity: 1 - sums.reduce((s, c) => s + (c / n) ** 2, 0) };
  let squares = 0;
  for (const i of members)
    for (let k = 0; k < outputs; k++) squares += (y[i * outputs + k]! - sums[k]! / n) ** 2 / (n * outputs);
  return { sums, means, impurity: squares };
}

/** Where Σ |sums of a side|² / size of the side is largest: both Gini's and the squared error's choice. */
function bestSplit(
  rows: TrainingRows,
  members: Uint32Array,
  least: number,
): { column: number; at: number } | undefined {
  const { x, width, outputs } = rows;
  const n = members.length;
  const all = summed(rows, members).sums;
  const left = new Float64Array(outputs);
  const keys = new Float64Array(n);
  let best: { column: number; at: number } | undefined;
  let most = Number.NEGATIVE_INFINITY;
  for (let column = 0; column < width; column++) {
    members.forEach((i, m) => {
      keys[m] = x[i * width + column]!;
    });
    const order = inOrder(n).sort((a, b) => keys[a]! - keys[b]!);
    if (keys[order[n - 1]!]! <= keys[order[0]!]! + SAME) continue;
    left.fill(0);
    for (let m = 1; m < n; m++) {
      add(rows, members[order[m - 1]!]!, left);
      const [low, high] = [keys[order[m - 1]!]!, keys[order[m]!]!];
      if (high <= low + SAME || m < least || n - m < least) continue;
      let [l, r] = [0, 0];
      for (let k = 0; k < outputs; k++) {
        l += left[k]! ** 2;
        r += (all[k]! - left[k]!) ** 2;
      }
      const gain = l / m + r / (n - m);
      if (gain > most) {
        most = gain;
        best = { column, at: between(low, high) };
      }
    }
  }
  return best;
}
