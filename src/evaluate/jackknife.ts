import { type Interval, moments } from './intervals.ts';
import { studentQuantile } from './special.ts';

/**
 * The jackknife's standard error (Quenouille 1949, Tukey 1958) from a quantity without one of
 * `without.length` groups of examples each; for groups of unlike size too, as CV3 of cluster-robust inference
 * (Bell & McCaffrey 2002).
 * @param strata how many groups there are in the stratum of each: (m - 1) / m of its square counts; all are
 * one stratum when left out
 */
export function jackknifeError(without: ArrayLike<number>, strata?: ArrayLike<number>): number {
  const n = without.length;
  const { mean } = moments(without);
  let sum = 0;
  for (let g = 0; g < n; g++) sum += (1 - 1 / (strata ? strata[g]! : n)) * (without[g]! - mean) ** 2;
  return Math.sqrt(sum);
}

/**
 * value ± t·s, 95%, taken on a scale on which a bounded metric has no ends: the logit of a share, the
 * logarithm of an error. The standard error gets there by the scale's slope, since a metric without some
 * group may be at an end.
 * @param without the quantity without each group in turn; t has a degree of freedom less than there are
 * @param strata as in `jackknifeError`
 * @returns undefined where it doesn't vary, or is undefined without some group
 */
export function jackknifeInterval(
  value: number,
  without: readonly (number | null)[],
  range: readonly [number, number],
  strata?: ArrayLike<number>,
): Interval | undefined {
  const found = without.filter((one) => one !== null);
  if (found.length < without.length || found.length < 2) return undefined;
  const scale = unbounded(range, value);
  const half = studentQuantile(0.975, found.length - 1) * jackknifeError(found, strata) * scale.slope;
  if (!(half > 0 && Number.isFinite(half))) return undefined;
  const middle = scale.to(value);
  return [scale.from(middle - half), scale.from(middle + half)];
}

interface Scale {
  to(x: number): number;
  from(y: number): number;
  /** Of `to`, at the value. */
  readonly slope: number;
}
const IDENTITY: Scale = { to: (x) => x, from: (y) => y, slope: 1 };

function unbounded([low, high]: readonly [number, number], value: number): Scale {
  if (value <= low || value >= high) return IDENTITY;
  const [below, above] = [value - low, high - value];
  if (Number.isFinite(low) && Number.isFinite(high))
    return {
      to: (x) => Math.log((x - low) / (high - x)),
      from: (y) => low + (high - low) / (1 + Math.exp(-y)),
      slope: 1 / below + 1 / above,
    };
  if (Number.isFinite(low))
    return { to: (x) => Math.log(x - low), from: (y) => low + Math.exp(y), slope: 1 / below };
  if (Number.isFinite(high))
    return { to: (x) => -Math.log(high - x), from: (y) => high - Math.exp(-y), slope: 1 / above };
  return IDENTITY;
}
