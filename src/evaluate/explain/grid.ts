/** Points of a partial dependence, scikit-learn's default lies at 100. */
export const GRID = 20;

/**
 * scikit-learn's grid: the values themselves where they are few, else `points` evenly from the 5% to the 95%
 * quantile. Missing values are left out.
 */
export function gridOf(values: ArrayLike<number>, points = GRID): number[] {
  const sorted = Float64Array.from(values)
    .filter((value) => !Number.isNaN(value))
    .sort();
  const different = [...new Set(sorted)];
  if (different.length < points) return different;
  const [low, high] = [hazenLike(sorted, 0.05), hazenLike(sorted, 0.95)];
  return Array.from({ length: points }, (_, i) => low + ((high - low) * i) / (points - 1));
}

/** scipy.stats.mstats.mquantiles with its defaults (alphap = betap = 0.4), which scikit-learn takes here. */
function hazenLike(sorted: Float64Array, share: number): number {
  const n = sorted.length;
  const at = n * share + 0.4 + 0.2 * share;
  const k = Math.floor(Math.min(Math.max(at, 1), n - 1));
  const part = Math.min(Math.max(at - k, 0), 1);
  return (1 - part) * sorted[k - 1]! + part * sorted[k]!;
}
