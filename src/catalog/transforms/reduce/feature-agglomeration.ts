import * as z from 'zod';
import { Misfit } from '../../../base/misfit.ts';
import { sizeOf } from '../../../base/shape.ts';
import { count, once } from '../../fields.ts';
import { projected } from '../projection.ts';
import type { FitRows, OutColumn, TransformEntry } from '../transform.ts';
import { overRows } from '../words.ts';
import { covariance } from './covariance.ts';

const MOST_FEATURES = 2000;

const schema = once(() =>
  z.strictObject({ clusters: count().describe('number of clusters that the features are merged into') }),
);

/** Squared Euclidean distances of the features over the training rows, `[features, features]`. */
function distances(rows: FitRows): Float64Array {
  const width = sizeOf(rows.shape);
  const n = rows.count;
  const { mean, matrix } = covariance(rows);
  return matrix.map((both, at) => {
    const [i, j] = [Math.floor(at / width), at % width];
    const spread = (n - 1) * (matrix[i * width + i]! + matrix[j * width + j]! - 2 * both);
    return Math.max(0, spread) + n * (mean[i]! - mean[j]!) ** 2;
  });
}

/**
 * Ward's linkage by the formula of Lance and Williams, until `clusters` are left: members of each, by the
 * first one.
 */
function ward(square: Float64Array, width: number, clusters: number): number[][] {
  const members: (number[] | undefined)[] = Array.from({ length: width }, (_, j) => [j]);
  for (let left = width; left > clusters; left--) {
    let [a, b, least] = [-1, -1, Number.POSITIVE_INFINITY];
    for (let i = 0; i < width; i++) {
      if (!members[i]) continue;
      for (let j = i + 1; j < width; j++)
        if (members[j] && square[i * width + j]! < least) [a, b, least] = [i, j, square[i * width + j]!];
    }
    const [ofA, ofB] = [members[a]!, members[b]!];
    for (let k = 0; k < width; k++) {
      const other = members[k];
      if (!other || k === a || k === b) continue;
      const [p, q, r] = [ofA.length, ofB.length, other.length];
      const merged =
        ((p + r) * square[k * width + a]! + (q + r) * square[k * width + b]! - r * least) / (p + q + r);
      square[k * width + a] = merged;
      square[a * width + k] = merged;
    }
    members[a] = [...ofA, ...ofB];
    members[b] = undefined;
  }
  return members.filter((own) => own !== undefined).map((own) => own.sort((x, y) => x - y));
}

/**
 * scikit-learn's FeatureAgglomeration (Ward's linkage, pooled by the mean): features that behave alike become
 * one.
 */
export const featureAgglomeration: TransformEntry<{ readonly clusters: number }> = {
  ...projected,
  name: 'feature_agglomeration',
  help: 'replaces similar features by their mean, by hierarchical clustering',
  get schema() {
    return schema();
  },
  stateless: false,
  shape(input, { clusters }) {
    const width = sizeOf(input);
    if (clusters > width)
      throw new Misfit('clusters', `\`clusters\` is ${clusters}, but there are only ${width} features`, {
        field: 'clusters',
        help: `give at most ${width}`,
      });
    return [clusters];
  },
  fit(rows, { clusters }) {
    const width = sizeOf(rows.shape);
    if (width > MOST_FEATURES)
      throw new Misfit(
        'too-many-features',
        `feature_agglomeration takes up to ${MOST_FEATURES} features, not ${width}`,
        {
          help: 'reduce them first, with pca or random_projection',
        },
      );
    if (rows.count < 2)
      throw new Misfit('too-few-rows', 'feature_agglomeration needs two training rows', {
        help: 'remove the step',
      });
    const groups = ward(distances(rows), width, clusters);
    const components = new Float64Array(width * groups.length);
    groups.forEach((own, o) => {
      for (const j of own) components[j * groups.length + o] = 1 / own.length;
    });
    const { columns } = rows;
    return {
      summary: `${width} features -> ${groups.length} clusters of ${groups.map(({ length }) => length).join(', ')} ${overRows(rows.count)}`,
      shape: [groups.length],
      ...(columns && {
        columns: groups.map(
          (own): OutColumn => ({
            name: own.map((j) => columns[j]!.name).join('+'),
            kind: 'number',
          }),
        ),
      }),
      projection: { mean: new Float64Array(width), components, outputs: groups.length },
      facts: {
        labels: Array.from({ length: width }, (_, j) => groups.findIndex((own) => own.includes(j))),
      },
    };
  },
};
