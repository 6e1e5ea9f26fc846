import { studentQuantile } from './special.ts';

/** The normal distribution's 97.5% quantile. */
export const Z = 1.959963984540054;

export type Interval = readonly [number, number];

/**
 * Wilson's score interval (1927) of a proportion, 95%: unlike p ± z·s it never leaves [0, 1] and has a width
 * where all trials succeed.
 */
export function wilson(successes: number, trials: number): Interval | undefined {
  if (trials === 0) return undefined;
  const share = successes / trials;
  const z2 = Z * Z;
  const centre = (share + z2 / (2 * trials)) / (1 + z2 / trials);
  const half =
    (Z * Math.sqrt((share * (1 - share)) / trials + z2 / (4 * trials * trials))) / (1 + z2 / trials);
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}

/** mean ± t·s/√n, 95%, with the sample's standard deviation; undefined for fewer than two values. */
export function studentInterval(values: ArrayLike<number>): Interval | undefined {
  const n = values.length;
  if (n < 2) return undefined;
  const { mean, deviation } = moments(values);
  const half = (studentQuantile(0.975, n - 1) * deviation) / Math.sqrt(n);
  return Number.isFinite(half) ? [mean - half, mean + half] : undefined;
}

/** Mean and the sample's standard deviation (n - 1). */
export function moments(values: ArrayLike<number>): { mean: number; deviation: number } {
  const n = values.length;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += values[i]!;
  const mean = sum / n;
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (values[i]! - mean) ** 2;
  return { mean, deviation: Math.sqrt(squares / (n - 1)) };
}
