import { normal, type StreamKey, uniform } from '../../base/random.ts';
import { type Shape, sizeOf } from '../../base/shape.ts';

/** Fills a tensor element by element, from its index. */
export function fill(shape: Shape, value: (index: number) => number): Float32Array {
  const out = new Float32Array(sizeOf(shape));
  for (let i = 0; i < out.length; i++) out[i] = value(i);
  return out;
}

export const uniformBetween = (shape: Shape, key: StreamKey, low: number, high: number): Float32Array =>
  fill(shape, (i) => low + (high - low) * uniform(key, i));

/**
 * A normal distribution cut off at two standard deviations: what falls outside (4.6%) is drawn again, at the
 * indices `size`, `2·size`, ... further on, so that every element stays a function of its index alone.
 */
export function truncatedNormal(shape: Shape, key: StreamKey, mean: number, stddev: number): Float32Array {
  const size = sizeOf(shape);
  return fill(shape, (i) => {
    let at = i;
    let value = normal(key, at);
    while (Math.abs(value) > 2) {
      at += size;
      value = normal(key, at);
    }
    return mean + stddev * value;
  });
}
