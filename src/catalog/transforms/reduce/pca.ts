import * as z from 'zod';
import { sizeOf } from '../../../graph/index.ts';
import { Misfit } from '../../entry.ts';
import { once } from '../../fields.ts';
import type { FitRows, TransformEntry } from '../transform.ts';
import { overRows, short } from '../words.ts';
import { covariance } from './covariance.ts';
import { symmetricEigen } from './symmetric-eigen.ts';

interface PcaParams {
  /** A count, or the share of variance to keep. */
  readonly components: number;
  readonly whiten: boolean;
}

const tooMany = (components: number, most: number, what: string) =>
  new Misfit('components', `\`components\` is ${components}, but there are only ${most} ${what}`, {
    field: 'components',
    help: `give at most ${most}`,
  });

/** scikit-learn's rule: the fewest components whose shares sum to more than `share`. */
function enough(ratios: Float64Array, share: number): number {
  let sum = 0;
  const at = ratios.findIndex((ratio) => {
    sum += ratio;
    return sum > share;
  });
  return at < 0 ? ratios.length : at + 1;
}

/** Unit vectors in rows -> columns, each with its largest loading positive (scikit-learn's svd_flip), over its deviation. */
function columns(vectors: readonly Float64Array[], divisors: readonly number[]): Float64Array {
  const outputs = vectors.length;
  const out = new Float64Array(outputs * vectors[0]!.length);
  vectors.forEach((vector, o) => {
    let largest = 0;
    for (const loading of vector) if (Math.abs(loading) > Math.abs(largest)) largest = loading;
    const factor = Math.sign(largest) / divisors[o]!;
    for (let f = 0; f < vector.length; f++) out[f * outputs + o] = vector[f]! * factor;
  });
  return out;
}

function decompose(rows: FitRows) {
  const features = sizeOf(rows.shape);
  const { mean, matrix } = covariance(rows);
  const { values, vectors } = symmetricEigen(matrix, features);
  const most = Math.min(features, rows.count);
  // Descending; rounding can leave a tiny negative one.
  const variances = Float64Array.from({ length: most }, (_, i) => Math.max(0, values[features - 1 - i]!));
  let total = 0;
  for (let j = 0; j < features; j++) total += matrix[j * features + j]!;
  const vector = (i: number) => vectors.subarray((features - 1 - i) * features, (features - i) * features);
  return { mean, variances, ratios: variances.map((v) => (total > 0 ? v / total : 0)), vector };
}

const schema = once(() =>
  z.strictObject({
    components: z
      .number()
      .gt(0)
      .refine((value) => value < 1 || Number.isInteger(value), {
        error: 'expected a whole number of components, or a share of variance below 1',
      })
      .describe('how many (50), or the share of variance that they must explain (0.95)'),
    whiten: z.boolean().default(false).describe('scale every component to variance 1'),
  }),
);

/** scikit-learn's PCA (full decomposition) of flattened examples, by the covariance matrix in float64. */
export const pca: TransformEntry<PcaParams> = {
  name: 'pca',
  help: 'projection on the directions of most variance in the training rows',
  get schema() {
    return schema();
  },
  stateless: false,
  accepts: ['number', 'date', 'binary'],
  shape(input, { components }) {
    if (components < 1) return undefined;
    const features = sizeOf(input);
    if (components > features) throw tooMany(components, features, 'features');
    return [components];
  },
  fit(rows, { components, whiten }) {
    const features = sizeOf(rows.shape);
    if (rows.count < 2) throw tooMany(components, rows.count, 'training rows');
    const most = Math.min(features, rows.count);
    if (components > most)
      throw tooMany(components, most, features < rows.count ? 'features' : 'training rows');
    const { mean, variances, ratios, vector } = decompose(rows);
    const outputs = components < 1 ? enough(ratios, components) : components;
    const chosen = Array.from({ length: outputs }, (_, i) => i);
    const divisors = chosen.map((i) => (whiten ? Math.max(Math.sqrt(variances[i]!), Number.EPSILON) : 1));
    const kept = ratios.slice(0, outputs);
    const share = kept.reduce((a, b) => a + b, 0);
    return {
      summary: `${features} -> ${outputs} components, ${short(100 * share)}% of the variance ${overRows(rows.count)}`,
      shape: [outputs],
      projection: { mean, components: columns(chosen.map(vector), divisors), outputs },
      facts: { explained_variance_ratio: [...kept], explained_variance: [...variances.slice(0, outputs)] },
    };
  },
  apply(fitted, rows, count) {
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
  },
  emit(g, x, fitted) {
    const { mean, components, outputs } = fitted.projection!;
    const flat = g.reshape(x, [x.shape[0]!, mean.length]);
    const centered = g.sub(flat, g.constant(Float32Array.from(mean), [mean.length]));
    return g.matmul(centered, g.constant(Float32Array.from(components), [mean.length, outputs]));
  },
};
