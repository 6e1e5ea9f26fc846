import { quantile } from '../base/quantile.ts';
import { type Interval, Z } from './intervals.ts';
import { normalCdf, normalQuantile } from './special.ts';

/** The metric without a part of the examples; `weight` says how many such parts there are. */
export interface LeftOut {
  readonly value: number;
  readonly weight: number;
}

/**
 * The bias-corrected and accelerated bootstrap interval, 95% (Efron 1987): percentiles of the resamples,
 * moved by their median bias and by the skewness of single examples' influence.
 * @param drawn the metric on the resamples, sorted
 * @param leftOut the metric without single examples or equal groups of them (the jackknife)
 * @returns undefined where the resamples don't vary: they then say nothing about the uncertainty
 */
export function bca(value: number, drawn: Float64Array, leftOut: readonly LeftOut[]): Interval | undefined {
  if (drawn.length === 0 || drawn[0] === drawn.at(-1)) return undefined;
  const [below, through] = [lowerBound(drawn, value), lowerBound(drawn, value, true)];
  const share = (below + through) / 2 / drawn.length;
  if (share <= 0 || share >= 1) return [quantile(drawn, 0.025), quantile(drawn, 0.975)];
  const bias = normalQuantile(share);
  const skew = acceleration(leftOut);
  const at = (z: number) => normalCdf(bias + (bias + z) / (1 - skew * (bias + z)));
  return [quantile(drawn, at(-Z)), quantile(drawn, at(Z))];
}

function acceleration(leftOut: readonly LeftOut[]): number {
  let [weight, sum] = [0, 0];
  for (const one of leftOut) {
    weight += one.weight;
    sum += one.weight * one.value;
  }
  const mean = sum / weight;
  let [squares, cubes] = [0, 0];
  for (const { value, weight: w } of leftOut) {
    squares += w * (mean - value) ** 2;
    cubes += w * (mean - value) ** 3;
  }
  const skew = cubes / (6 * squares ** 1.5);
  // Beyond this the correction turns over; so few examples say little of their skewness.
  return Number.isFinite(skew) ? Math.max(-0.2, Math.min(0.2, skew)) : 0;
}

/** How many sorted values are below one, or at most as large. */
function lowerBound(sorted: Float64Array, value: number, orEqual = false): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const before = orEqual ? sorted[middle]! <= value : sorted[middle]! < value;
    if (before) low = middle + 1;
    else high = middle;
  }
  return low;
}
