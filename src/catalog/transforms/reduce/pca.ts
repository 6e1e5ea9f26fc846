import * as z from 'zod';
import { Misfit } from '../../../base/misfit.ts';
import { sizeOf } from '../../../base/shape.ts';
import { once } from '../../fields.ts';
import { asColumns, projected } from '../projection.ts';
import type { FitRows, TransformEntry } from '../transform.ts';
import { overRows, short } from '../words.ts';
import { covariance } from './covariance.ts';
import { symmetricEigen } from './symmetric-eigen.ts';

interface PcaParams {
  /** A count, or the share of variance to keep. */
  readonly components: number;
  readonly whiten: boolean;
}

export const tooMany = (components: number, most: number, what: string) =>
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
  ...projected,
  name: 'pca',
  help: 'projection on the directions with the most variance in the training rows',
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
    const factors = chosen.map((i) => (whiten ? 1 / Math.max(Math.sqrt(variances[i]!), Number.EPSILON) : 1));
    const kept = ratios.slice(0, outputs);
    const share = kept.reduce((a, b) => a + b, 0);
    return {
      summary: `${features} -> ${outputs} components, ${short(100 * share)}% of the variance ${overRows(rows.count)}`,
      shape: [outputs],
      projection: { mean, components: asColumns(chosen.map(vector), factors), outputs },
      facts: { explained_variance_ratio: [...kept], explained_variance: [...variances.slice(0, outputs)] },
    };
  },
};
