import { invariant } from '../../errors.ts';
import type { Predictions } from './metric.ts';

/** Truth and prediction of one class against all others. */
export interface Counts {
  readonly tp: number;
  readonly fp: number;
  readonly fn: number;
  readonly tn: number;
}

type Confusion = NonNullable<Predictions['confusion']>;

export function confusionOf({ confusion }: Predictions): Confusion {
  invariant(confusion, 'a class metric needs a confusion matrix');
  return confusion;
}

/** Row sums are support, column sums are how often a class was predicted. */
export function oneAgainstRest(confusion: Confusion, k: number): Counts {
  let row = 0;
  let column = 0;
  let all = 0;
  confusion.forEach((counts, truth) => {
    column += counts[k]!;
    for (const count of counts) {
      all += count;
      if (truth === k) row += count;
    }
  });
  const tp = confusion[k]![k]!;
  return { tp, fp: column - tp, fn: row - tp, tn: all - row - column + tp };
}

/** Examples on the diagonal, and all of them. */
export function hits(p: Predictions): readonly [number, number] {
  let right = 0;
  let all = 0;
  confusionOf(p).forEach((counts, truth) => {
    right += counts[truth]!;
    for (const count of counts) all += count;
  });
  return [right, all];
}

/** a / b; null where b is 0. */
export const ratio = (a: number, b: number): number | null => (b === 0 ? null : a / b);

/**
 * scikit-learn's averages. Two classes: the rate of class 1 (`average='binary'`). More: the mean over the classes
 * that occur in truth or prediction (`average='macro'`), an undefined rate counting 0 (`zero_division=0`).
 * @returns null where the rate is undefined for class 1, or for every class
 */
export function averaged(p: Predictions, rate: (counts: Counts) => number | null): number | null {
  const confusion = confusionOf(p);
  if (confusion.length === 2) return rate(oneAgainstRest(confusion, 1));
  const rates = confusion
    .map((_, k) => oneAgainstRest(confusion, k))
    .filter(({ tp, fp, fn }) => tp + fp + fn > 0)
    .map(rate);
  if (rates.every((value) => value === null)) return null;
  return rates.reduce<number>((sum, value) => sum + (value ?? 0), 0) / rates.length;
}

/** The share of predictions "class k" that are right. */
export const precisionOf = ({ tp, fp }: Counts): number | null => ratio(tp, tp + fp);
/** The share of class k's examples that are found. */
export const recallOf = ({ tp, fn }: Counts): number | null => ratio(tp, tp + fn);
/** The share of the other classes' examples that are not taken for class k. */
export const specificityOf = ({ tn, fp }: Counts): number | null => ratio(tn, tn + fp);
/** Harmonic mean of precision and recall, 2tp / (2tp + fp + fn). */
export const f1Of = ({ tp, fp, fn }: Counts): number | null => ratio(2 * tp, 2 * tp + fp + fn);
