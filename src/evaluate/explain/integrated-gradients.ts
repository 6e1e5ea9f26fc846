/** Output and its gradient at several inputs, one after the other: `[count]` and `[count, size]`. */
export type Gradients = (
  inputs: readonly Float32Array[],
) => Promise<{ readonly outputs: ArrayLike<number>; readonly gradients: readonly ArrayLike<number>[] }>;

export interface Attributions {
  /** One number for each number of the input. */
  readonly values: Float64Array;
  readonly steps: number;
  readonly sum: number;
  readonly difference: number;
  readonly complete: boolean;
}

const FIRST_STEPS = 64;
const MOST_STEPS = 1024;
/** Of the difference: attributions that add up this closely are complete. */
const TOLERANCE = 0.01;
/** Differences smaller than this of the outputs are rounding. */
const ROUNDING = 1e-4;

/**
 * Integrated gradients (Sundararajan et al. 2017): (x - x') times the mean gradient along the line between
 * them, by the midpoint rule with as many steps as it takes (64 to 1,024) until they add up to f(x) - f(x')
 * within 1%.
 */
export async function integratedGradients(
  x: Float32Array,
  baseline: Float32Array,
  at: Gradients,
): Promise<Attributions> {
  const ends = await at([x, baseline]);
  const [top, bottom] = [ends.outputs[0]!, ends.outputs[1]!];
  const difference = top - bottom;
  const scale = Math.max(Math.abs(difference), ROUNDING * Math.max(Math.abs(top), Math.abs(bottom), 1));
  for (let steps = FIRST_STEPS; ; steps *= 2) {
    const points = Array.from({ length: steps }, (_, k) => {
      const t = (k + 0.5) / steps;
      return x.map((value, i) => baseline[i]! + t * (value - baseline[i]!));
    });
    const values = new Float64Array(x.length);
    for (const gradient of (await at(points)).gradients)
      for (let i = 0; i < values.length; i++) values[i]! += gradient[i]!;
    for (let i = 0; i < values.length; i++) values[i]! *= (x[i]! - baseline[i]!) / steps;
    const sum = values.reduce((a, b) => a + b, 0);
    const complete = Math.abs(sum - difference) <= TOLERANCE * scale;
    if (complete || steps >= MOST_STEPS) return { values, steps, sum, difference, complete };
  }
}
