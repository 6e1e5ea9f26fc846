import * as z from 'zod';
import { sizeOf } from '../../../base/shape.ts';
import { count, once } from '../../fields.ts';
import { asColumns, projected } from '../projection.ts';
import type { TransformEntry } from '../transform.ts';
import { overRows, short } from '../words.ts';
import { covariance } from './covariance.ts';
import { tooMany } from './pca.ts';
import { symmetricEigen } from './symmetric-eigen.ts';

const schema = once(() =>
  z.strictObject({
    components: count().describe('singular vectors that are kept, those of the largest values'),
  }),
);

/**
 * scikit-learn's TruncatedSVD, exact: like pca without the mean taken off, so that zeros of word counts stay
 * small.
 */
export const truncatedSvd: TransformEntry<{ readonly components: number }> = {
  ...projected,
  name: 'truncated_svd',
  help: 'projection on the first singular vectors of the training rows (latent semantic analysis)',
  get schema() {
    return schema();
  },
  stateless: false,
  accepts: ['number', 'date', 'binary'],
  shape(input, { components }) {
    const features = sizeOf(input);
    if (components > features) throw tooMany(components, features, 'features');
    return [components];
  },
  fit(rows, { components }) {
    const n = rows.count;
    const features = sizeOf(rows.shape);
    const most = Math.min(features, n);
    if (components > most || n < 2)
      throw tooMany(components, most, features < n ? 'features' : 'training rows');
    const { mean, matrix } = covariance(rows);
    const products = matrix.map(
      (value, at) => (n - 1) * value + n * mean[Math.floor(at / features)]! * mean[at % features]!,
    );
    const { values, vectors } = symmetricEigen(products, features);
    const chosen = Array.from({ length: components }, (_, i) => features - 1 - i);
    const own = chosen.map((i) => vectors.subarray(i * features, (i + 1) * features));
    const variances = own.map((v) => (quadratic(matrix, v) * (n - 1)) / n);
    let total = 0;
    for (let j = 0; j < features; j++) total += (matrix[j * features + j]! * (n - 1)) / n;
    const ratios = variances.map((variance) => (total > 0 ? variance / total : 0));
    const share = ratios.reduce((a, b) => a + b, 0);
    return {
      summary: `${features} -> ${components} components, ${short(100 * share)}% of the variance ${overRows(n)}`,
      shape: [components],
      projection: {
        mean: new Float64Array(features),
        components: asColumns(
          own,
          own.map(() => 1),
        ),
        outputs: components,
      },
      facts: {
        explained_variance_ratio: ratios,
        explained_variance: variances,
        singular_values: chosen.map((i) => Math.sqrt(Math.max(0, values[i]!))),
      },
    };
  },
};

/** vᵀ M v. */
function quadratic(matrix: Float64Array, v: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < v.length; i++)
    for (let j = 0; j < v.length; j++) sum += v[i]! * matrix[i * v.length + j]! * v[j]!;
  return sum;
}
