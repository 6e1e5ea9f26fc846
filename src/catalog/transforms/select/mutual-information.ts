import { normal, type StreamKey } from '../../../base/random.ts';
import { sizeOf } from '../../../base/shape.ts';
import { count, once } from '../../fields.ts';
import { heldRows, sampleRows, valuesOf } from '../sample-rows.ts';
import { targetOf } from '../supervised.ts';
import type { TransformEntry } from '../transform.ts';
import { type KParams, kFields } from './anova-f.ts';
import { continuous, discrete, mixed } from './entropy.ts';
import { best, checkK, keep, picked } from './picked.ts';

interface Params extends KParams {
  readonly neighbors: number;
  readonly rows: number;
}

const schema = once(() =>
  kFields().extend({
    neighbors: count().default(3).describe('neighbours that a density is estimated from'),
    rows: heldRows(10_000),
  }),
);

/** Relative size of the noise that tells equal values apart. */
const NOISE = 1e-10;

/**
 * By its deviation, and with a little noise, so that no two values are equal: the estimators are for
 * continuous values.
 */
function spread(values: Float64Array, stream: StreamKey, first: number): Float64Array {
  const n = values.length;
  const mean = values.reduce((a, b) => a + b, 0) / n;
  const deviation = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / n);
  const scaled = values.map((x) => (deviation > 0 ? x / deviation : x));
  const size = Math.max(1, scaled.reduce((sum, x) => sum + Math.abs(x), 0) / n);
  return scaled.map((x, i) => x + NOISE * size * normal(stream, first + i));
}

/**
 * scikit-learn's SelectKBest by mutual_info_classif, or by mutual_info_regression where the target is a
 * number. Binary columns count as discrete, all others as continuous. Like scikit-learn's, scores depend on
 * noise where values are equal; ours is seeded.
 */
export const mutualInformation: TransformEntry<Params> = {
  ...picked,
  name: 'mutual_information',
  help: 'the k features with the highest mutual information with the target, estimated from nearest neighbours',
  get schema() {
    return schema();
  },
  shape(input, { k }) {
    checkK(sizeOf(input), k);
    return [k];
  },
  fit(rows, { k, neighbors, rows: most }) {
    const target = targetOf('mutual_information', rows);
    const chosen = sampleRows(rows, most);
    const n = chosen.length;
    const width = sizeOf(rows.shape);
    const values = valuesOf(rows, chosen);
    const y = Float64Array.from(chosen, (i) => target.value(i));
    const classes = target.classes !== undefined;
    const smooth = classes ? y : spread(y, rows.stream, width * n);
    const scores = Float64Array.from({ length: width }, (_, j) => {
      const x = Float64Array.from({ length: n }, (_, i) => values[i * width + j]!);
      const binary = rows.columns?.[j]?.kind === 'binary';
      if (binary) return classes ? discrete(x, y) : mixed(smooth, x, neighbors);
      const noisy = spread(x, rows.stream, j * n);
      return classes ? mixed(noisy, y, neighbors) : continuous(noisy, smooth, neighbors);
    });
    return keep(rows, best(scores, k), scores);
  },
};
