import { type StreamKey, streamKey, uniform } from '../base/random.ts';
import { logGamma } from './special.ts';

/**
 * How often each of n examples is drawn in n draws with replacement: a function of (b, n) alone, so that all
 * metrics of a split see the same resamples.
 */
export function drawRows(weights: Float64Array, b: number): void {
  const key = streamKey(0, 'evaluate/bootstrap', b);
  const n = weights.length;
  weights.fill(0);
  for (let i = 0; i < n; i++) weights[Math.floor(uniform(key, i) * n)]!++;
}

/** How often each cell is drawn in as many draws with replacement as there are examples in all. */
export function drawCells(counts: readonly number[], out: Float64Array, b: number): void {
  const key = streamKey(0, 'evaluate/bootstrap-cells', b);
  let left = counts.reduce((a, c) => a + c, 0);
  let draws = left;
  counts.forEach((count, i) => {
    const drawn = count >= left ? draws : binomialDraw(draws, count / left, key, i);
    out[i] = drawn;
    draws -= drawn;
    left -= count;
  });
}

/** A draw of Binomial(n, p) by inversion from its mode outwards: √(n p (1 - p)) steps on average. */
export function binomialDraw(n: number, p: number, key: StreamKey, index: number): number {
  if (n === 0 || p <= 0) return 0;
  if (p >= 1) return n;
  const mode = Math.min(n, Math.floor((n + 1) * p));
  const odds = p / (1 - p);
  const logPeak =
    logGamma(n + 1) -
    logGamma(mode + 1) -
    logGamma(n - mode + 1) +
    mode * Math.log(p) +
    (n - mode) * Math.log1p(-p);
  // 53 bits, so that tails are reached as often as they should be.
  let u = uniform(key, 2 * index) + uniform(key, 2 * index + 1) / 4294967296;
  let [low, high] = [mode, mode];
  let pLow = Math.exp(logPeak);
  let pHigh = pLow;
  u -= pLow;
  while (u > 0 && (low > 0 || high < n)) {
    if (high < n) {
      pHigh *= ((n - high) * odds) / (high + 1);
      high++;
      u -= pHigh;
      if (u <= 0) return high;
    }
    if (low > 0) {
      pLow *= low / ((n - low + 1) * odds);
      low--;
      u -= pLow;
      if (u <= 0) return low;
    }
    if (pLow < 1e-300 && pHigh < 1e-300) break; // what rounding left over
  }
  return mode;
}

/** Numbers of `groups` groups of equal size (but for one), dealt out at random. */
export function dealGroups(n: number, groups: number): Uint16Array {
  const key = streamKey(0, 'evaluate/groups');
  const dealt = Uint16Array.from({ length: n }, (_, i) => i % groups);
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(uniform(key, i) * (i + 1));
    const swap = dealt[i]!;
    dealt[i] = dealt[j]!;
    dealt[j] = swap;
  }
  return dealt;
}
