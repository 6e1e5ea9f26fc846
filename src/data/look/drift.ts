/**
 * Largest distance between the distribution functions of two samples, and its asymptotic p-value (Smirnov
 * 1948). Ties are taken together.
 */
export function kolmogorovSmirnov(a: Float64Array, b: Float64Array): { statistic: number; p: number } {
  const x = a.slice().sort();
  const y = b.slice().sort();
  let [i, j, most] = [0, 0, 0];
  while (i < x.length && j < y.length) {
    const value = Math.min(x[i]!, y[j]!);
    while (i < x.length && x[i] === value) i++;
    while (j < y.length && y[j] === value) j++;
    most = Math.max(most, Math.abs(i / x.length - j / y.length));
  }
  const n = (x.length * y.length) / (x.length + y.length);
  return { statistic: most, p: kolmogorov((Math.sqrt(n) + 0.12 + 0.11 / Math.sqrt(n)) * most) };
}

/**
 * `Q(t) = 2 Σ (-1)^(k-1) exp(-2 k² t²)`, with Stephens' correction of t for small samples made by the caller.
 */
function kolmogorov(t: number): number {
  if (t < 0.2) return 1;
  let sum = 0;
  for (let k = 1; k <= 100; k++) {
    const term = Math.exp(-2 * k * k * t * t);
    sum += k % 2 ? term : -term;
    if (term < 1e-12) break;
  }
  return Math.min(1, Math.max(0, 2 * sum));
}

/**
 * Pearson's chi-squared for two rows of counts; levels expected fewer than 5 times in one of them are taken
 * together.
 */
export function chiSquared(a: readonly number[], b: readonly number[]): { statistic: number; p: number } {
  const [n, m] = [sum(a), sum(b)];
  const cells: [number, number][] = [];
  let rest: [number, number] = [0, 0];
  a.forEach((count, i) => {
    const total = count + b[i]!;
    if ((total * Math.min(n, m)) / (n + m) >= 5) cells.push([count, b[i]!]);
    else rest = [rest[0] + count, rest[1] + b[i]!];
  });
  if (rest[0] + rest[1] > 0) cells.push(rest);
  if (cells.length < 2 || n === 0 || m === 0) return { statistic: 0, p: 1 };
  let statistic = 0;
  for (const [p, q] of cells) {
    const share = (p + q) / (n + m);
    statistic += (p - n * share) ** 2 / (n * share) + (q - m * share) ** 2 / (m * share);
  }
  return { statistic, p: upperGamma((cells.length - 1) / 2, statistic / 2) };
}

const sum = (values: readonly number[]) => values.reduce((x, y) => x + y, 0);

/**
 * Regularized upper incomplete gamma Q(a, x): series below a + 1, Lentz's continued fraction above (Numerical
 * Recipes 6.2).
 */
export function upperGamma(a: number, x: number): number {
  if (x <= 0) return 1;
  const scale = Math.exp(-x + a * Math.log(x) - logGamma(a));
  if (x < a + 1) {
    let [term, total] = [1 / a, 1 / a];
    for (let n = 1; n < 1000 && term > total * 1e-15; n++) {
      term *= x / (a + n);
      total += term;
    }
    return 1 - total * scale;
  }
  const tiny = 1e-300;
  let b = x + 1 - a;
  let c = 1 / tiny;
  let d = 1 / b;
  let h = d;
  for (let i = 1; i < 1000; i++) {
    const an = -i * (i - a);
    b += 2;
    d = 1 / (an * d + b || tiny);
    c = b + an / c || tiny;
    const step = d * c;
    h *= step;
    if (Math.abs(step - 1) < 1e-15) break;
  }
  return scale * h;
}

/** Lanczos' approximation, g = 7, n = 9: 1e-14 for x > 0. */
function logGamma(x: number): number {
  const c = [
    0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
    12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
  ];
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const t = x + 6.5;
  const series = c.slice(1).reduce((total, value, i) => total + value / (x + i), c[0]!);
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(series);
}
