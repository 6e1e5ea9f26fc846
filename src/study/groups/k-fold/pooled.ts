import { evaluateFolds, type OutOfFold, perClass } from '../../../evaluate/index.ts';
import type { Pooled } from '../means.ts';
import type { GroupResult } from '../result.ts';

/** Scores of all out-of-fold predictions together, in place of means over the folds. */
export function pooledOf(outOfFold: OutOfFold): Pooled {
  const p = outOfFold.predictions;
  return {
    test: (names) => evaluateFolds(outOfFold, names),
    interval: intervalOf(outOfFold),
    ...(p.form === 'classes' && { confusion: { classes: p.classes, counts: p.confusion } }),
    ...(p.form !== 'numbers' && { per_class: perClass(p) }),
  };
}

/** The estimand, and what it is estimated from. */
function intervalOf({ predictions: { count }, folds, clusters }: OutOfFold): GroupResult['interval'] {
  const models = new Set(Array.from(folds)).size;
  const independent = clusters && new Set(Array.from(clusters)).size;
  const from =
    independent === undefined
      ? `${count} out-of-fold predictions`
      : `${count} out-of-fold predictions of ${independent} rows or groups that don't depend on each other`;
  const fitted = models === 1 ? 'the fitted model' : `the ${models} fitted models`;
  return {
    method: 'out_of_fold',
    examples: count,
    ...(independent !== undefined && { clusters: independent }),
    text: `95% for ${fitted} on new examples, from ${from}; ± over folds`,
  };
}
