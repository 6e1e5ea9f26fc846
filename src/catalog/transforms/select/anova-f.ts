import * as z from 'zod';
import { sizeOf } from '../../../base/shape.ts';
import { count, once } from '../../fields.ts';
import { eachRow } from '../normalize/groups.ts';
import { targetOf } from '../supervised.ts';
import type { FitRows, FitTarget, TransformEntry } from '../transform.ts';
import { best, checkK, keep, picked } from './picked.ts';

export interface KParams {
  readonly k: number;
}
export const kFields = once(() =>
  z.strictObject({ k: count().describe('features that are kept, those of the highest score') }),
);

function means(rows: FitRows, groupOf: (i: number) => number, groups: number) {
  const width = sizeOf(rows.shape);
  const sums = Array.from({ length: groups }, () => new Float64Array(width));
  const counts = new Float64Array(groups);
  let i = 0;
  eachRow(rows, (row) => {
    const group = groupOf(i++);
    counts[group] = counts[group]! + 1;
    const sum = sums[group]!;
    for (let j = 0; j < width; j++) sum[j] = sum[j]! + row[j]!;
  });
  return { counts, means: sums.map((sum, group) => sum.map((v) => v / Math.max(1, counts[group]!))) };
}

/**
 * F of one-way analysis of variance for each feature: variance between the classes over variance within them.
 */
function byClasses(rows: FitRows, target: FitTarget, classes: number): Float64Array {
  const width = sizeOf(rows.shape);
  const { counts, means: of } = means(rows, (i) => target.value(i), classes);
  const present = counts.filter((n) => n > 0).length;
  const total = new Float64Array(width);
  of.forEach((mean, group) => {
    for (let j = 0; j < width; j++) total[j] = total[j]! + (mean[j]! * counts[group]!) / rows.count;
  });
  const within = new Float64Array(width);
  let i = 0;
  eachRow(rows, (row) => {
    const mean = of[target.value(i++)]!;
    for (let j = 0; j < width; j++) within[j] = within[j]! + (row[j]! - mean[j]!) ** 2;
  });
  return within.map((sum, j) => {
    const between = of.reduce((all, mean, group) => all + counts[group]! * (mean[j]! - total[j]!) ** 2, 0);
    return between / (present - 1) / (sum / (rows.count - present));
  });
}

/** F of the linear regression on each feature alone: r² / (1 - r²) · (n - 2). */
function byNumbers(rows: FitRows, target: FitTarget): Float64Array {
  const width = sizeOf(rows.shape);
  const mean = means(rows, () => 0, 1).means[0]!;
  let sum = 0;
  for (let i = 0; i < rows.count; i++) sum += target.value(i);
  const centre = sum / rows.count;
  const [xx, xy] = [new Float64Array(width), new Float64Array(width)];
  let [yy, i] = [0, 0];
  eachRow(rows, (row) => {
    const y = target.value(i++) - centre;
    yy += y * y;
    for (let j = 0; j < width; j++) {
      const x = row[j]! - mean[j]!;
      xx[j] = xx[j]! + x * x;
      xy[j] = xy[j]! + x * y;
    }
  });
  return xx.map((x, j) => {
    const r2 = xy[j]! ** 2 / (x * yy);
    return (r2 / (1 - r2)) * (rows.count - 2);
  });
}

/** scikit-learn's SelectKBest by f_classif, or by f_regression where the target is a number. */
export const anovaF: TransformEntry<KParams> = {
  ...picked,
  name: 'anova_f',
  help: 'the k features whose means differ most between classes, or that correlate most with a number',
  get schema() {
    return kFields();
  },
  shape(input, { k }) {
    checkK(sizeOf(input), k);
    return [k];
  },
  fit(rows, { k }) {
    const target = targetOf('anova_f', rows);
    const scores = target.classes ? byClasses(rows, target, target.classes.length) : byNumbers(rows, target);
    return keep(rows, best(scores, k), scores);
  },
};
