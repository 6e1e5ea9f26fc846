import * as z from 'zod';
import { Misfit } from '../../../base/misfit.ts';
import { sizeOf } from '../../../base/shape.ts';
import { count, once } from '../../fields.ts';
import { eachRow } from '../normalize/groups.ts';
import { asColumns, projected } from '../projection.ts';
import { type ClassesToFit, classesOf } from '../supervised.ts';
import type { FitRows, TransformEntry } from '../transform.ts';
import { overRows, short } from '../words.ts';
import { covariance } from './covariance.ts';
import { tooMany } from './pca.ts';
import { symmetricEigen } from './symmetric-eigen.ts';

/** Singular values below it count as 0, as in scikit-learn. */
const TOLERANCE = 1e-4;

const schema = once(() =>
  z.strictObject({
    components: count()
      .nullable()
      .default(null)
      .describe('how many; as many as there are classes less one (or features, if fewer) when left out'),
  }),
);

/** Mean of each class `[classes][features]`, and its training rows. */
function classMeans(rows: FitRows, { classes, value }: ClassesToFit) {
  const width = sizeOf(rows.shape);
  const means = classes.map(() => new Float64Array(width));
  const counts = new Float64Array(classes.length);
  let i = 0;
  eachRow(rows, (row) => {
    const c = value(i++);
    counts[c] = counts[c]! + 1;
    for (let j = 0; j < width; j++) means[c]![j] = means[c]![j]! + row[j]!;
  });
  means.forEach((mean, c) => {
    for (let j = 0; j < width; j++) mean[j] = mean[j]! / Math.max(1, counts[c]!);
  });
  return { means, counts };
}

/**
 * Directions that make the deviation within classes 1: vectors `[features]`, those of no deviation left out.
 */
function whitening(within: Float64Array, width: number): Float64Array[] {
  const deviation = Array.from({ length: width }, (_, j) => Math.sqrt(within[j * width + j]!) || 1);
  return [
    ...directions(
      within.map((v, at) => v / deviation[Math.floor(at / width)]! / deviation[at % width]!),
      width,
    ),
  ]
    .filter(({ value }) => value > TOLERANCE)
    .map(({ vector, value }) => vector.map((entry, j) => entry / deviation[j]! / value));
}

/** Singular values (roots of eigenvalues), falling, with their vectors. */
function directions(matrix: Float64Array, n: number) {
  const { values, vectors } = symmetricEigen(matrix, n);
  return Array.from({ length: n }, (_, i) => ({
    value: Math.sqrt(Math.max(0, values[n - 1 - i]!)),
    vector: vectors.slice((n - 1 - i) * n, (n - i) * n),
  }));
}

/**
 * scikit-learn's LinearDiscriminantAnalysis (its `svd` solver) as a projection: the directions in which the
 * classes' means lie farthest apart, measured in deviations within classes. Computed from scatter matrices in
 * float64.
 */
export const lda: TransformEntry<{ readonly components: number | null }> = {
  ...projected,
  name: 'lda',
  help: 'projection on the directions that best separate the classes',
  get schema() {
    return schema();
  },
  stateless: false,
  accepts: ['number', 'date', 'binary'],
  shape: () => undefined,
  fit(rows, { components }) {
    const target = classesOf('lda', rows);
    const width = sizeOf(rows.shape);
    const { means, counts } = classMeans(rows, target);
    const present = [...counts.keys()].filter((c) => counts[c]! > 0);
    const n = rows.count;
    const most = Math.min(present.length - 1, width);
    if (components !== null && components > most)
      throw tooMany(components, most, most === width ? 'features' : 'classes less one');
    if (n <= present.length)
      throw new Misfit('too-few-rows', `lda needs more training rows than classes; there are ${n}`, {
        help: 'give training a larger share, or take pca',
      });
    const residual = covariance({
      ...rows,
      row: (at, out) => {
        rows.row(at, out);
        const mean = means[target.value(at)]!;
        for (let j = 0; j < width; j++) out[j] = out[j]! - mean[j]!;
      },
    });
    const within = residual.matrix.map((v) => (v * (n - 1)) / (n - present.length));
    const overall = new Float64Array(width);
    for (const c of present)
      for (let j = 0; j < width; j++) overall[j] = overall[j]! + (counts[c]! / n) * means[c]![j]!;
    const white = whitening(within, width);
    if (white.length === 0)
      throw new Misfit('no-variance', 'lda needs features that change within classes', {
        help: 'remove the step',
      });
    const rank = white.length;
    const between = new Float64Array(rank * rank);
    for (const c of present) {
      const shift = means[c]!.map((m, j) => m - overall[j]!);
      const seen = white.map((v) => v.reduce((sum, entry, j) => sum + entry * shift[j]!, 0));
      const weight = counts[c]! / (present.length - 1);
      for (let a = 0; a < rank; a++)
        for (let b = 0; b < rank; b++)
          between[a * rank + b] = between[a * rank + b]! + weight * seen[a]! * seen[b]!;
    }
    const found = directions(between, rank);
    const total = found.reduce((sum, { value }) => sum + value ** 2, 0);
    const useful = found
      .filter(({ value }) => value > TOLERANCE * found[0]!.value)
      .slice(0, components ?? most);
    if (useful.length === 0)
      throw new Misfit('no-variance', 'lda: the classes have the same means', { help: 'take pca' });
    const own = useful.map(({ vector }) => {
      const out = new Float64Array(width);
      vector.forEach((weight, a) => {
        for (let j = 0; j < width; j++) out[j] = out[j]! + weight * white[a]![j]!;
      });
      return out;
    });
    const ratios = useful.map(({ value }) => value ** 2 / total);
    const share = ratios.reduce((a, b) => a + b, 0);
    return {
      summary: `${width} -> ${own.length} components, ${short(100 * share)}% of the variance between ${present.length} classes ${overRows(n)}`,
      shape: [own.length],
      projection: {
        mean: overall,
        components: asColumns(
          own,
          own.map(() => 1),
        ),
        outputs: own.length,
      },
      facts: { explained_variance_ratio: ratios },
    };
  },
};
