/*
 * Mutual information in nats, estimated from samples. Discrete and discrete: from the counts. Continuous and
 * discrete: Ross, "Mutual Information between Discrete and Continuous Data Sets" (2014). Continuous and
 * continuous: Kraskov, Stögbauer, Grassberger, "Estimating mutual information" (2004), their first estimator.
 * As in scikit-learn, results below 0 are 0.
 */

const EULER = 0.5772156649015329;

/** Digamma of whole numbers from 1: -γ + 1 + 1/2 + … + 1/(n - 1). */
export function digammas(largest: number): Float64Array {
  const out = new Float64Array(largest + 1).fill(Number.NaN);
  let sum = -EULER;
  for (let n = 1; n <= largest; n++) {
    out[n] = sum;
    sum += 1 / n;
  }
  return out;
}

/** The next smaller float64: what is strictly nearer than the k-th neighbour counts. */
export function justBelow(x: number): number {
  if (!(x > 0)) return 0;
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  view.setBigUint64(0, view.getBigUint64(0) - 1n);
  return view.getFloat64(0);
}

/** Values of an ascending array at most `radius` from x. Differences are compared: a sum would be rounded. */
function countNear(sorted: Float64Array, x: number, radius: number): number {
  const first = (from: (value: number) => boolean) => {
    let [a, b] = [0, sorted.length];
    while (a < b) {
      const middle = (a + b) >> 1;
      if (from(sorted[middle]!)) b = middle;
      else a = middle + 1;
    }
    return a;
  };
  return first((value) => value - x > radius) - first((value) => x - value <= radius);
}

/** How many lie within a radius of each point, itself included. */
const within = (points: Float64Array, sorted: Float64Array, radius: Float64Array): number[] =>
  Array.from(points, (x, i) => countNear(sorted, x, radius[i]!));

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

export function discrete(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const n = a.length;
  const [ofA, ofB, both] = [new Map<number, number>(), new Map<number, number>(), new Map<string, number>()];
  const add = <K>(map: Map<K, number>, key: K) => map.set(key, (map.get(key) ?? 0) + 1);
  for (let i = 0; i < n; i++) {
    add(ofA, a[i]!);
    add(ofB, b[i]!);
    add(both, `${a[i]} ${b[i]}`);
  }
  let sum = 0;
  for (const [key, count] of both) {
    const [x, y] = key.split(' ').map(Number) as [number, number];
    sum += (count / n) * Math.log((count * n) / (ofA.get(x)! * ofB.get(y)!));
  }
  return Math.max(0, sum);
}

/** Distance to the k-th nearest of the others, in an ascending array. */
function toNeighbour(sorted: Float64Array, at: number, k: number): number {
  let [left, right] = [at - 1, at + 1];
  let distance = 0;
  for (let found = 0; found < k; found++) {
    const [below, above] = [
      left >= 0 ? sorted[at]! - sorted[left]! : Number.POSITIVE_INFINITY,
      right < sorted.length ? sorted[right]! - sorted[at]! : Number.POSITIVE_INFINITY,
    ];
    distance = Math.min(below, above);
    if (below <= above) left--;
    else right++;
  }
  return distance;
}

/** @param labels of each point; points whose label stands once are left out */
export function mixed(x: Float64Array, labels: ArrayLike<number>, neighbours: number): number {
  const groups = new Map<number, number[]>();
  for (let i = 0; i < x.length; i++) {
    const group = groups.get(labels[i]!);
    if (group) group.push(i);
    else groups.set(labels[i]!, [i]);
  }
  const used: number[] = [];
  const radius: number[] = [];
  const psi = digammas(x.length);
  let [ofK, ofCounts] = [0, 0];
  for (const group of groups.values()) {
    if (group.length < 2) continue;
    const k = Math.min(neighbours, group.length - 1);
    group.sort((a, b) => x[a]! - x[b]! || a - b);
    const sorted = Float64Array.from(group, (i) => x[i]!);
    group.forEach((i, at) => {
      used.push(i);
      radius.push(justBelow(toNeighbour(sorted, at, k)));
    });
    ofK += group.length * psi[k]!;
    ofCounts += group.length * psi[group.length]!;
  }
  const n = used.length;
  if (n === 0) return 0;
  const points = Float64Array.from(used, (i) => x[i]!);
  const near = within(points, points.slice().sort(), Float64Array.from(radius));
  return Math.max(0, psi[n]! + ofK / n - ofCounts / n - mean(near.map((m) => psi[m]!)));
}

/** Distance to the k-th neighbour by the larger of the two coordinates' differences. */
function radii(x: Float64Array, y: Float64Array, k: number): Float64Array {
  const order = Array.from(x.keys()).sort((a, b) => x[a]! - x[b]! || a - b);
  const out = new Float64Array(x.length);
  const nearest = new Float64Array(k);
  order.forEach((i, at) => {
    nearest.fill(Number.POSITIVE_INFINITY);
    const add = (j: number) => {
      let distance = Math.max(Math.abs(x[i]! - x[j]!), Math.abs(y[i]! - y[j]!));
      for (let s = 0; s < k; s++)
        if (distance < nearest[s]!) [nearest[s], distance] = [distance, nearest[s]!];
    };
    let [left, right] = [at - 1, at + 1];
    for (;;) {
      const below = left >= 0 ? x[i]! - x[order[left]!]! : Number.POSITIVE_INFINITY;
      const above = right < order.length ? x[order[right]!]! - x[i]! : Number.POSITIVE_INFINITY;
      if (Math.min(below, above) >= nearest[k - 1]!) break;
      add(order[below <= above ? left-- : right++]!);
    }
    out[i] = justBelow(nearest[k - 1]!);
  });
  return out;
}

export function continuous(x: Float64Array, y: Float64Array, neighbours: number): number {
  const n = x.length;
  const k = Math.min(neighbours, n - 1);
  if (k < 1) return 0;
  const psi = digammas(n);
  const radius = radii(x, y, k);
  const average = (values: Float64Array) =>
    mean(within(values, values.slice().sort(), radius).map((m) => psi[m]!));
  return Math.max(0, psi[n]! + psi[k]! - average(x) - average(y));
}
