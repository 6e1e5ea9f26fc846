/** Value and gradient (into `gradient`) of what is made small. */
export type Objective = (x: Float64Array, gradient: Float64Array) => number;

const MEMORY = 10;

const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
};

/**
 * Limited-memory BFGS (Nocedal 1980) with a line search for the weak Wolfe conditions, by bisection.
 * @yields the objective's value after each iteration
 * @returns the minimum of a smooth convex function, found from `x`, which is changed in place
 */
export function* lbfgs(
  objective: Objective,
  x: Float64Array,
  most: number,
  tolerance: number,
): Generator<number, Float64Array> {
  let gradient: Float64Array = new Float64Array(x.length);
  let value = objective(x, gradient);
  const steps: { s: Float64Array; y: Float64Array; rho: number }[] = [];
  for (let round = 0; round < most; round++) {
    if (Math.max(...range(gradient)) <= tolerance) break;
    const direction = descent(gradient, steps);
    const slope = dot(gradient, direction);
    let [low, high] = [0, Number.POSITIVE_INFINITY];
    let size = steps.length === 0 ? Math.min(1, 1 / Math.sqrt(dot(gradient, gradient))) : 1;
    const from = x.slice();
    const next = new Float64Array(x.length);
    let found = value;
    for (let tries = 0; tries < 30; tries++) {
      for (let i = 0; i < x.length; i++) x[i] = from[i]! + size * direction[i]!;
      found = objective(x, next);
      if (!(found <= value + 1e-4 * size * slope)) high = size;
      else if (dot(next, direction) < 0.9 * slope) low = size;
      else break;
      size = high === Number.POSITIVE_INFINITY ? 2 * low : (low + high) / 2;
    }
    if (!(found < value)) {
      x.set(from);
      break;
    }
    const s = x.map((v, i) => v - from[i]!);
    const y = next.map((v, i) => v - gradient[i]!);
    const curvature = dot(s, y);
    if (curvature > 1e-300) {
      steps.push({ s, y, rho: 1 / curvature });
      if (steps.length > MEMORY) steps.shift();
    }
    gradient = next;
    value = found;
    yield value;
  }
  return x;
}

const range = (values: Float64Array): [number, number] => {
  let [low, high] = [0, 0];
  for (const v of values) {
    low = Math.min(low, v);
    high = Math.max(high, v);
  }
  return [-low, high];
};

function descent(
  gradient: Float64Array,
  steps: readonly { s: Float64Array; y: Float64Array; rho: number }[],
): Float64Array {
  const q = gradient.map((g) => -g);
  const alphas: number[] = [];
  for (const { s, y, rho } of [...steps].reverse()) {
    const alpha = rho * dot(s, q);
    alphas.unshift(alpha);
    for (let i = 0; i < q.length; i++) q[i]! -= alpha * y[i]!;
  }
  const last = steps.at(-1);
  if (last) {
    const scale = 1 / (last.rho * dot(last.y, last.y));
    for (let i = 0; i < q.length; i++) q[i]! *= scale;
  }
  steps.forEach(({ s, y, rho }, k) => {
    const beta = rho * dot(y, q);
    for (let i = 0; i < q.length; i++) q[i]! += (alphas[k]! - beta) * s[i]!;
  });
  return q;
}
