import { normal, streamKey } from '../../base/random.ts';

/**
 * t-SNE (van der Maaten & Hinton 2008), exact: perplexity by bisection, early exaggeration of 4 for 100
 * steps, gains and momentum as in the paper.
 * @param x `[count, width]`, row-major; a few hundred rows, since every step looks at all pairs
 * @returns `[x, y]` of each row, centred; the same for the same seed
 */
export function tsne(
  x: Float64Array,
  count: number,
  { perplexity = 30, steps = 400, seed = 0 }: { perplexity?: number; steps?: number; seed?: number } = {},
): [number, number][] {
  const p = affinities(x, count, Math.min(perplexity, (count - 1) / 3));
  const key = streamKey(seed, 'look/tsne');
  const y = Float64Array.from({ length: 2 * count }, (_, i) => 1e-4 * normal(key, i));
  const speed = new Float64Array(2 * count);
  const gains = new Float64Array(2 * count).fill(1);
  const gradient = new Float64Array(2 * count);
  const q = new Float64Array(count * count);
  for (let step = 0; step < steps; step++) {
    let total = 0;
    for (let i = 0; i < count; i++)
      for (let j = 0; j < i; j++) {
        const near = 1 / (1 + (y[2 * i]! - y[2 * j]!) ** 2 + (y[2 * i + 1]! - y[2 * j + 1]!) ** 2);
        q[i * count + j] = near;
        total += 2 * near;
      }
    gradient.fill(0);
    const exaggerated = step < 100 ? 4 : 1;
    for (let i = 0; i < count; i++)
      for (let j = 0; j < i; j++) {
        const near = q[i * count + j]!;
        const pull = 4 * (exaggerated * p[i * count + j]! - near / total) * near;
        for (let d = 0; d < 2; d++) {
          const force = pull * (y[2 * i + d]! - y[2 * j + d]!);
          gradient[2 * i + d]! += force;
          gradient[2 * j + d]! -= force;
        }
      }
    const momentum = step < 100 ? 0.5 : 0.8;
    const rate = Math.max(10, count / 12);
    for (let k = 0; k < 2 * count; k++) {
      gains[k] = Math.max(0.01, gradient[k]! > 0 === speed[k]! > 0 ? gains[k]! * 0.8 : gains[k]! + 0.2);
      speed[k] = momentum * speed[k]! - rate * gains[k]! * gradient[k]!;
      y[k] = y[k]! + speed[k]!;
    }
    for (let d = 0; d < 2; d++) {
      let mean = 0;
      for (let i = 0; i < count; i++) mean += y[2 * i + d]! / count;
      for (let i = 0; i < count; i++) y[2 * i + d]! -= mean;
    }
  }
  return Array.from({ length: count }, (_, i) => [y[2 * i]!, y[2 * i + 1]!]);
}

/** Symmetric joint probabilities whose conditional ones have the wanted perplexity. */
function affinities(x: Float64Array, count: number, perplexity: number): Float64Array {
  const width = x.length / count;
  const squared = new Float64Array(count * count);
  for (let i = 0; i < count; i++)
    for (let j = 0; j < i; j++) {
      let sum = 0;
      for (let k = 0; k < width; k++) sum += (x[i * width + k]! - x[j * width + k]!) ** 2;
      squared[i * count + j] = sum;
      squared[j * count + i] = sum;
    }
  const p = new Float64Array(count * count);
  const wanted = Math.log(perplexity);
  for (let i = 0; i < count; i++) {
    const row = squared.subarray(i * count, (i + 1) * count);
    let least = Number.POSITIVE_INFINITY;
    for (let j = 0; j < count; j++) if (j !== i) least = Math.min(least, row[j]!);
    let [low, high, beta] = [0, Number.POSITIVE_INFINITY, 1];
    for (let round = 0; round < 60; round++) {
      let [sum, weighted] = [0, 0];
      for (let j = 0; j < count; j++) {
        if (j === i) continue;
        const e = Math.exp(-beta * (row[j]! - least));
        p[i * count + j] = e;
        sum += e;
        weighted += e * (row[j]! - least);
      }
      for (let j = 0; j < count; j++) p[i * count + j]! /= sum;
      const entropy = Math.log(sum) + (beta * weighted) / sum;
      if (Math.abs(entropy - wanted) < 1e-5) break;
      if (entropy > wanted) {
        low = beta;
        beta = high === Number.POSITIVE_INFINITY ? beta * 2 : (beta + high) / 2;
      } else {
        high = beta;
        beta = (beta + low) / 2;
      }
    }
  }
  const joint = new Float64Array(count * count);
  for (let i = 0; i < count; i++)
    for (let j = 0; j < count; j++)
      joint[i * count + j] = Math.max(1e-12, (p[i * count + j]! + p[j * count + i]!) / (2 * count));
  return joint;
}
