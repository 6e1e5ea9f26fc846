import * as z from 'zod';
import { once, count as wholeCount } from '../fields.ts';
import type { Answers, ModelEntry, ModelState, Rows } from './model.ts';
import { floats, integers } from './state.ts';

const schema = once(() =>
  z.strictObject({ n_neighbors: wholeCount().default(5).describe('how many of the nearest rows decide') }),
);
type Fields = z.infer<ReturnType<typeof schema>>;

/**
 * KNeighborsClassifier() and KNeighborsRegressor(): the mean of the nearest rows by Euclidean distance; of
 * equal distances the earlier row. State: `x` [rows, width] and `y` of the training rows, `n_neighbors` [1].
 */
export const knn: ModelEntry<Fields> = {
  name: 'knn',
  help: 'the most similar training rows decide',
  get schema() {
    return schema();
  },
  needs: ['classes', 'labels', 'numbers'],
  unit: 'fit',
  small: { fields: { n_neighbors: 5 }, help: 'the 5 most similar training rows decide' },
  cost: ({ train, test, width }, { n_neighbors }) => train * test * (width + n_neighbors),
  // biome-ignore lint/correctness/useYield: fitted at once
  *fit({ x, y, count }, { n_neighbors }) {
    const neighbours = Int32Array.of(Math.min(n_neighbors, count));
    return {
      state: new Map<string, typeof x | typeof y>([...Object.entries({ x, y, n_neighbors: neighbours })]),
      facts: { rows: count },
    };
  },
  predict: nearestRows,
};

function nearestRows(state: ModelState, rows: Rows, { outputs, form }: Answers): Float32Array {
  const { width } = rows;
  const x = floats(state, 'x');
  const classes = form === 'classes' ? integers(state, 'y') : undefined;
  const numbers = form === 'classes' ? undefined : floats(state, 'y');
  const count = (classes?.length ?? numbers!.length / outputs) as number;
  const k = integers(state, 'n_neighbors')[0]!;
  const out = new Float32Array(rows.count * outputs);
  const nearest = new Uint32Array(k);
  const distances = new Float64Array(k);
  for (let i = 0; i < rows.count; i++) {
    distances.fill(Number.POSITIVE_INFINITY);
    const query = rows.x.subarray(i * width, (i + 1) * width);
    for (let r = 0; r < count; r++) {
      const d = squaredDistance(query, x, r * width, distances[k - 1]!);
      if (!(d < distances[k - 1]!)) continue;
      let at = k - 1;
      for (; at > 0 && distances[at - 1]! > d; at--) {
        distances[at] = distances[at - 1]!;
        nearest[at] = nearest[at - 1]!;
      }
      distances[at] = d;
      nearest[at] = r;
    }
    for (const r of nearest)
      if (classes) out[i * outputs + classes[r]!]! += 1 / k;
      else for (let o = 0; o < outputs; o++) out[i * outputs + o]! += numbers![r * outputs + o]! / k;
  }
  return out;
}

/** Given up in between once it is beyond `most`. */
function squaredDistance(a: Float32Array, b: Float32Array, from: number, most: number): number {
  let sum = 0;
  const width = a.length;
  for (let start = 0; start < width && sum <= most; start += 64) {
    const end = Math.min(width, start + 64);
    for (let j = start; j < end; j++) {
      const d = a[j]! - b[from + j]!;
      sum += d * d;
    }
  }
  return sum;
}
