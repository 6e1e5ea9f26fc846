/** Distribution functions in float64; each agrees with SciPy to 1e-9 where tests look. */

// Lanczos' approximation (1964) with g = 7 and nine terms, relative error below 1e-14.
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** ln Γ(x), x > 0. */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  let sum = LANCZOS[0]!;
  for (let i = 1; i < LANCZOS.length; i++) sum += LANCZOS[i]! / (x - 1 + i);
  const t = x + 6.5;
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
}

/** The regularized incomplete beta function I_x(a, b): the distribution function of Beta(a, b). a, b > 0. */
export function beta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  return x < (a + 1) / (a + b + 2)
    ? (front * continued(x, a, b)) / a
    : 1 - (front * continued(1 - x, b, a)) / b;
}

/** The continued fraction of I_x(a, b), by Lentz's method (Numerical Recipes, 6.4). */
function continued(x: number, a: number, b: number): number {
  const away = (v: number) => (Math.abs(v) < 1e-300 ? 1e-300 : v);
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let h = d;
  for (let m = 1; m <= 100_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    h *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    const step = d * c;
    h *= step;
    if (Math.abs(step - 1) < 1e-15) break;
  }
  return h;
}

/** The q-quantile of Beta(a, b), by bisection. */
export function betaQuantile(q: number, a: number, b: number): number {
  return bisect((x) => beta(x, a, b), q, 0, 1);
}

/** P(X <= k) of n trials that each succeed with probability p. */
export function binomial(k: number, n: number, p: number): number {
  if (k < 0) return 0;
  return k >= n ? 1 : beta(1 - p, n - k, k + 1);
}

/**
 * The standard normal distribution function, to 1e-15: Marsaglia's series (2004), in the tails a continued
 * fraction.
 */
export function normalCdf(x: number): number {
  if (x === Number.NEGATIVE_INFINITY) return 0;
  if (x === Number.POSITIVE_INFINITY) return 1;
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  if (Math.abs(x) > 3) {
    let fraction = 0;
    for (let i = 100; i >= 1; i--) fraction = i / (Math.abs(x) + fraction);
    const tail = density / (Math.abs(x) + fraction);
    return x < 0 ? tail : 1 - tail;
  }
  let [sum, term] = [x, x];
  for (let i = 3; sum + term !== sum && i < 1000; i += 2) {
    term *= (x * x) / i;
    sum += term;
  }
  return 0.5 + sum * density;
}

/** The q-quantile of the standard normal distribution; infinite at 0 and 1. */
export function normalQuantile(q: number): number {
  if (q <= 0) return Number.NEGATIVE_INFINITY;
  if (q >= 1) return Number.POSITIVE_INFINITY;
  return q > 0.5 ? -normalQuantile(1 - q) : bisect(normalCdf, q, -40, 0);
}

/** Student's distribution function. */
export function studentCdf(t: number, freedom: number): number {
  const tail = beta(freedom / (freedom + t * t), freedom / 2, 0.5) / 2;
  return t > 0 ? 1 - tail : tail;
}

/** The q-quantile of Student's distribution, q > 0.5. */
export function studentQuantile(q: number, freedom: number): number {
  const x = betaQuantile(2 * (1 - q), freedom / 2, 0.5);
  return Math.sqrt((freedom * (1 - x)) / x);
}

/** Where an increasing function takes a value, to the last bits. */
function bisect(f: (x: number) => number, value: number, low: number, high: number): number {
  for (let i = 0; i < 200; i++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (f(middle) < value) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
