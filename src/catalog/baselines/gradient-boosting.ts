import { inOrder } from '../../base/order.ts';
import type { BaselineEntry, Rows, TrainingRows } from './baseline.ts';
import { SAME } from './decision-tree.ts';
import { classShares } from './dummy.ts';

const ROUNDS = 100;
const RATE = 0.1;

interface Stump {
  readonly column: number;
  readonly at: number;
  readonly low: number;
  readonly high: number;
}

/**
 * GradientBoostingClassifier(max_depth=1) and GradientBoostingRegressor(max_depth=1): 100 stumps, each fitted to what the
 * others leave (Friedman 2001), one for each class or target in every round.
 */
export const gradientBoosting: BaselineEntry = {
  name: 'gradient_boosting',
  help: '100 trees of one question each, every one for what the others left over',
  needs: ['classes', 'labels', 'numbers'],
  tablesOnly: true,
  cost: ({ train, test, width, outputs }) => {
    const trees = ROUNDS * (outputs === 2 ? 1 : outputs);
    return width * train * (4 * Math.log2(train + 2) + 3 * trees) + trees * (test + 8 * train);
  },
  fit(rows) {
    const lines = rows.form === 'classes' && rows.outputs === 2 ? 1 : rows.outputs;
    const start = starts(rows, lines);
    const sorted = sortColumns(rows);
    const z = new Float64Array(rows.count * lines).map((_, i) => start[i % lines]!);
    const rounds: (Stump | undefined)[][] = [];
    const [residual, weight] = [new Float64Array(rows.count), new Float64Array(rows.count)];
    for (let round = 0; round < ROUNDS; round++) {
      const before = z.slice();
      rounds.push(
        Array.from({ length: lines }, (_, k) => {
          residuals(rows, before, lines, k, residual, weight);
          const stump = fitStump(rows, sorted, residual, weight, rows.form === 'classes' ? lines : 0);
          if (stump) for (let i = 0; i < rows.count; i++) z[i * lines + k]! += RATE * answer(stump, rows, i);
          return stump;
        }),
      );
    }
    return (other) => {
      const out = new Float32Array(other.count * rows.outputs);
      for (let i = 0; i < other.count; i++) {
        const own = start.slice();
        for (const stumps of rounds)
          stumps.forEach((stump, k) => {
            if (stump) own[k]! += RATE * answer(stump, other, i);
          });
        out.set(rows.form === 'classes' ? softmax(own) : own, i * rows.outputs);
      }
      return out;
    };
  },
};

const answer = ({ column, at, low, high }: Stump, { x, width }: Rows, i: number): number =>
  x[i * width + column]! <= at ? low : high;

/** Log odds, logarithms of the shares, or means. */
function starts(rows: TrainingRows, lines: number): Float64Array {
  const { y, count, outputs, form } = rows;
  const bounded = (p: number) => Math.min(Math.max(p, 1.2e-7), 1 - 1.2e-7);
  if (form === 'classes') {
    const shares = classShares(rows);
    if (lines === 1) return Float64Array.of(Math.log(bounded(shares[1]!) / (1 - bounded(shares[1]!))));
    return shares.map((share) => Math.log(bounded(share)));
  }
  const means = new Float64Array(outputs);
  for (let i = 0; i < y.length; i++) means[i % outputs]! += y[i]! / count;
  return means;
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

/** Rows by rising value, for each column: sorted once. */
function sortColumns({ x, count, width }: Rows): Uint32Array[] {
  return Array.from({ length: width }, (_, column) =>
    inOrder(count).sort((a, b) => x[a * width + column]! - x[b * width + column]!),
  );
}

/** @param lines of a classification: its leaves take a Newton step, (K - 1) / K · Σ residual / Σ p (1 - p); else 0 */
function fitStump(
  { x, width, count }: Rows,
  sorted: readonly Uint32Array[],
  residual: Float64Array,
  weight: Float64Array,
  lines: number,
): Stump | undefined {
  let all = 0;
  for (let i = 0; i < count; i++) all += residual[i]!;
  let best: { column: number; at: number } | undefined;
  let most = Number.NEGATIVE_INFINITY;
  for (let column = 0; column < width; column++) {
    const order = sorted[column]!;
    let left = 0;
    let low = x[order[0]! * width + column]!;
    for (let m = 1; m < count; m++) {
      left += residual[order[m - 1]!]!;
      const high = x[order[m]! * width + column]!;
      if (high > low + SAME) {
        const apart = left / m - (all - left) / (count - m);
        const gain = (m * (count - m) * apart * apart) / count;
        if (gain > most) {
          most = gain;
          const middle = low / 2 + high / 2;
          best = { column, at: middle === high ? low : middle };
        }
      }
      low = high;
    }
  }
  if (!best) return undefined;
  const sums = { low: [0, 0, 0], high: [0, 0, 0] };
  for (let i = 0; i < count; i++) {
    const side = x[i * width + best.column]! <= best.at ? sums.low : sums.high;
    side[0]! += residual[i]!;
    side[1]! += weight[i]!;
    side[2]!++;
  }
  const value = ([sum, curvature, n]: number[]): number => {
    if (lines === 0) return sum! / n!;
    const scale = lines === 1 ? 1 : (lines - 1) / lines;
    return Math.abs(curvature!) < 1e-150 ? 0 : (scale * sum!) / curvature!;
  };
  return { ...best, low: value(sums.low), high: value(sums.high) };
}
