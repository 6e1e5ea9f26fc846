import { noFields } from '../fields.ts';
import type { CalibrationEntry, Logits } from './calibration.ts';

/** The temperature stays in here: beyond it the likelihood hardly changes any more. */
const COLDEST = 1 / 50;
const HOTTEST = 50;
const STEPS = 200;

/**
 * Logits over one number T, fitted by the likelihood of the true classes (Guo et al. 2017, "On Calibration of
 * Modern Neural Networks"). T > 1 makes an overconfident network doubt; which class is the most likely never
 * changes.
 */
export const temperatureScaling: CalibrationEntry<Record<string, never>> = {
  name: 'temperature_scaling',
  help: 'logits divided by one temperature: the same decisions, with honest probabilities',
  get schema() {
    return noFields();
  },
  needs: ['classes', 'labels'],
  fit(logits, truth) {
    // The negative log-likelihood is convex in b = 1/T: its slope has one root.
    const slope = (b: number) => slopeAt(logits, truth, b);
    let [low, high] = [1 / HOTTEST, 1 / COLDEST];
    if (!(slope(low) < 0))
      return {
        open: 'on validation the most likely class is hardly ever the true one: no temperature helps',
      };
    if (!(slope(high) > 0))
      return { open: 'on validation hardly anything is wrong: it can’t tell how sure to be' };
    for (let i = 0; i < STEPS && high - low > 1e-15 * high; i++) {
      const middle = (low + high) / 2;
      if (slope(middle) < 0) low = middle;
      else high = middle;
    }
    return [2 / (low + high)];
  },
  apply({ values, units }, [temperature]) {
    const out = new Float32Array(values.length);
    if (units === 1) return out.map((_, i) => 1 / (1 + Math.exp(-values[i]! / temperature!)));
    for (let from = 0; from < out.length; from += units) softmax(values, from, units, 1 / temperature!, out);
    return out;
  },
  learns: ['temperature'],
  emit: (g, logits, [temperature]) => g.div(logits, temperature!),
  neutral: [1],
};

/** d/db of Σ -log p(true class) with the logits b · z: Σ (E[z] - z of the true class). */
function slopeAt({ values, units }: Logits, truth: ArrayLike<number>, b: number): number {
  let sum = 0;
  if (units === 1) {
    for (let i = 0; i < truth.length; i++)
      sum += values[i]! * (1 / (1 + Math.exp(-b * values[i]!)) - truth[i]!);
    return sum;
  }
  const p = new Float64Array(units);
  for (let i = 0; i < truth.length; i++) {
    const from = i * units;
    softmax(values, from, units, b, p, 0);
    const own = values[from + truth[i]!]!;
    for (let k = 0; k < units; k++) sum += p[k]! * (values[from + k]! - own);
  }
  return sum;
}

function softmax(
  z: Float32Array,
  from: number,
  units: number,
  b: number,
  out: Float32Array | Float64Array,
  to = from,
): void {
  let most = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < units; k++) most = Math.max(most, z[from + k]!);
  let sum = 0;
  for (let k = 0; k < units; k++) sum += Math.exp(b * (z[from + k]! - most));
  for (let k = 0; k < units; k++) out[to + k] = Math.exp(b * (z[from + k]! - most)) / sum;
}
