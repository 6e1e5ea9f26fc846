import * as z from 'zod';
import { Misfit } from '../../../base/misfit.ts';
import { normal, uniform } from '../../../base/random.ts';
import { sizeOf } from '../../../base/shape.ts';
import { count, once } from '../../fields.ts';
import { projected } from '../projection.ts';
import type { TransformEntry } from '../transform.ts';

interface Params {
  readonly components: number | null;
  readonly eps: number;
  readonly distribution: 'gaussian' | 'sparse';
}

const schema = once(() =>
  z.strictObject({
    components: count()
      .nullable()
      .default(null)
      .describe('how many; as many as keep distances within `eps` when left out'),
    eps: z
      .number()
      .gt(0)
      .lt(1)
      .default(0.1)
      .describe('share by which squared distances may change (Johnson-Lindenstrauss)'),
    distribution: z
      .enum(['gaussian', 'sparse'])
      .default('gaussian')
      .describe('normal weights, or mostly zeros (density 1 / √features)'),
  }),
);

/** scikit-learn's johnson_lindenstrauss_min_dim. */
const enough = (rows: number, eps: number): number =>
  Math.floor((4 * Math.log(rows)) / (eps ** 2 / 2 - eps ** 3 / 3));

/**
 * scikit-learn's GaussianRandomProjection and SparseRandomProjection; weights from the seed's bits alone,
 * nothing from the rows.
 */
export const randomProjection: TransformEntry<Params> = {
  ...projected,
  name: 'random_projection',
  help: 'projection on random directions, which roughly preserves distances',
  get schema() {
    return schema();
  },
  stateless: false,
  accepts: ['number', 'date', 'binary'],
  shape: (_, { components }) => (components === null ? undefined : [components]),
  fit(rows, { components, eps, distribution }) {
    const features = sizeOf(rows.shape);
    const outputs = components ?? enough(rows.count, eps);
    if (components === null && outputs > features)
      throw new Misfit(
        'components',
        `${outputs} components are needed to keep distances of ${rows.count} rows within ${eps}, more than the ${features} features`,
        { field: 'eps', help: 'give `components`, or a larger `eps`' },
      );
    const density = 1 / Math.sqrt(features);
    const weight =
      distribution === 'gaussian'
        ? (i: number) => normal(rows.stream, i) / Math.sqrt(outputs)
        : (i: number) => {
            const u = uniform(rows.stream, i);
            return u >= density ? 0 : (u < density / 2 ? -1 : 1) / Math.sqrt(density * outputs);
          };
    return {
      summary: `${features} -> ${outputs} drawn directions, ${distribution}`,
      shape: [outputs],
      projection: {
        mean: new Float64Array(features),
        components: Float64Array.from({ length: features * outputs }, (_, i) => weight(i)),
        outputs,
      },
    };
  },
};
