import { inOrder } from '../../base/order.ts';
import type { BaselineEntry, TrainingRows } from './baseline.ts';

const MAX_DEPTH = 5;
/** Values closer than this count as equal, as in scikit-learn. */
export const SAME = 1e-7;

type Node =
  | { readonly leaf: Float64Array }
  | { readonly column: number; readonly at: number; readonly low: Node; readonly high: Node };

/**
 * DecisionTreeClassifier(max_depth=5) by Gini impurity, DecisionTreeRegressor(max_depth=5) by squared error: CART
 * (Breiman et al. 1984). Of equally good splits the first column is taken, where scikit-learn takes a random one.
 */
export const decisionTree: BaselineEntry = {
  name: 'decision_tree',
  help: 'at most 5 questions of the form "is this column at most so large?"',
  needs: ['classes', 'labels', 'numbers'],
  cost: ({ train, test, width, outputs }) =>
    MAX_DEPTH * train * width * (4 * Math.log2(train + 2) + 2 * outputs) + 10 * test,
  fit(rows) {
    const { count, width, outputs } = rows;
    const root = grow(rows, inOrder(count), 0);
    return (other) => {
      const out = new Float32Array(other.count * outputs);
      for (let i = 0; i < other.count; i++) {
        let node = root;
        while (!('leaf' in node)) node = other.x[i * width + node.column]! <= node.at ? node.low : node.high;
        out.set(node.leaf, i * outputs);
      }
      return out;
    };
  },
};

function grow(rows: TrainingRows, members: Uint32Array, depth: number): Node {
  const values = summed(rows, members);
  const leaf = () => ({ leaf: values.sums.map((sum) => sum / members.length) });
  if (depth >= MAX_DEPTH || members.length < 2 || values.impurity <= Number.EPSILON) return leaf();
  const split = bestSplit(rows, members);
  if (!split) return leaf();
  const { column, at } = split;
  const below = (i: number) => rows.x[i * rows.width + column]! <= at;
  return {
    column,
    at,
    low: grow(rows, members.filter(below), depth + 1),
    high: grow(
      rows,
      members.filter((i) => !below(i)),
      depth + 1,
    ),
  };
}

/** Adds example i's truth to sums: its class, or its targets. */
function add({ y, outputs, form }: TrainingRows, i: number, sums: Float64Array): void {
  if (form === 'classes') sums[y[i]!]!++;
  else for (let k = 0; k < outputs; k++) sums[k]! += y[i * outputs + k]!;
}

function summed(rows: TrainingRows, members: Uint32Array): { sums: Float64Array; impurity: number } {
  const { y, outputs, form } = rows;
  const sums = new Float64Array(outputs);
  for (const i of members) add(rows, i, sums);
  const n = members.length;
  if (form === 'classes') return { sums, impurity: 1 - sums.reduce((s, c) => s + (c / n) ** 2, 0) };
  let squares = 0;
  for (const i of members)
    for (let k = 0; k < outputs; k++) squares += (y[i * outputs + k]! - sums[k]! / n) ** 2 / (n * outputs);
  return { sums, impurity: squares };
}

/** Where Σ |sums of a side|² / size of the side is largest: both Gini's and the squared error's choice. */
function bestSplit(rows: TrainingRows, members: Uint32Array): { column: number; at: number } | undefined {
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
      if (high <= low + SAME) continue;
      let [l, r] = [0, 0];
      for (let k = 0; k < outputs; k++) {
        l += left[k]! ** 2;
        r += (all[k]! - left[k]!) ** 2;
      }
      const gain = l / m + r / (n - m);
      if (gain > most) {
        most = gain;
        const middle = low / 2 + high / 2;
        best = { column, at: middle === high ? low : middle };
      }
    }
  }
  return best;
}
