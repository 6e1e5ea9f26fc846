import type { BaselineEntry } from './baseline.ts';

const NEIGHBOURS = 5;

/** KNeighborsClassifier() and KNeighborsRegressor(): the mean of the 5 nearest rows; of equal distances the earlier row. */
export const knn: BaselineEntry = {
  name: 'knn',
  help: 'the 5 most similar training rows decide',
  needs: ['classes', 'labels', 'numbers'],
  cost: ({ train, test, width }) => train * test * (width + 5),
  fit(rows) {
    const { x, y, width, count, outputs, form } = rows;
    const k = Math.min(NEIGHBOURS, count);
    return (other) => {
      const out = new Float32Array(other.count * outputs);
      const nearest = new Uint32Array(k);
      const distances = new Float64Array(k);
      for (let i = 0; i < other.count; i++) {
        distances.fill(Number.POSITIVE_INFINITY);
        const query = other.x.subarray(i * width, (i + 1) * width);
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
          if (form === 'classes') out[i * outputs + y[r]!]! += 1 / k;
          else for (let o = 0; o < outputs; o++) out[i * outputs + o]! += y[r * outputs + o]! / k;
      }
      return out;
    };
  },
};

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
