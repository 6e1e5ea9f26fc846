import type { Fitted, TransformEntry } from './transform.ts';

/** The parts that transforms share which are `(x - mean) · components`. */
export const projected: Pick<TransformEntry<unknown>, 'apply' | 'emit'> = {
  apply: (fitted, rows, count) => applyProjection(fitted, rows, count),
  emit(g, x, fitted) {
    const { mean, components, outputs } = fitted.projection!;
    const flat = g.reshape(x, [x.shape[0]!, mean.length]);
    const centered = mean.some((value) => value !== 0)
      ? g.sub(flat, g.constant(Float32Array.from(mean), [mean.length]))
      : flat;
    return g.matmul(centered, g.constant(Float32Array.from(components), [mean.length, outputs]));
  },
};

function applyProjection(fitted: Fitted, rows: Float64Array, count: number): Float64Array {
  const { mean, components, outputs } = fitted.projection!;
  const features = mean.length;
  const out = new Float64Array(count * outputs);
  for (let i = 0; i < count; i++) {
    const at = i * outputs;
    for (let f = 0; f < features; f++) {
      const x = rows[i * features + f]! - mean[f]!;
      const line = f * outputs;
      for (let o = 0; o < outputs; o++) out[at + o] = out[at + o]! + x * components[line + o]!;
    }
  }
  return out;
}

/**
 * Vectors `[features]` as the columns of `[features, outputs]`, each times its factor, its largest entry
 * positive (svd_flip).
 */
export function asColumns(vectors: readonly Float64Array[], factors: readonly number[]): Float64Array {
  const outputs = vectors.length;
  const out = new Float64Array(outputs * (vectors[0]?.length ?? 0));
  vectors.forEach((vector, o) => {
    let largest = 0;
    for (const entry of vector) if (Math.abs(entry) > Math.abs(largest)) largest = entry;
    const factor = Math.sign(largest) * factors[o]!;
    for (let f = 0; f < vector.length; f++) out[f * outputs + o] = vector[f]! * factor;
  });
  return out;
}
