import type { Validation } from '../base/proofs.ts';
import { labelOf } from '../catalog/metrics/index.ts';
import { scoreOf } from '../catalog/metrics/scores.ts';
import { invariant } from '../errors.ts';
import type { Counts, Predictions } from '../protocol/predictions.ts';

/**
 * The threshold on the score of one class, or label, that `worth` likes best on validation, among all that
 * part two of its examples' scores, as scikit-learn's roc_curve and precision_recall_curve have them; of
 * equally good ones the largest. It lies midway between the two scores, so that rounding on another machine
 * moves no example across it.
 * @param worth numbers to make as large as possible, the first before the others
 */
export function chooseThreshold(
  p: Validation<Predictions>,
  positive: number,
  worth: (counts: Counts) => readonly number[],
): number {
  invariant(p.form !== 'numbers', 'numbers are not decided by thresholds');
  const [one, own] = p.form === 'labels' ? [labelOf(p, positive), 1] : [p, positive];
  const examples = Array.from({ length: p.count }, (_, i) => ({
    score: Math.fround(scoreOf(one, i, own)),
    positive: one.truth[i] === own,
  })).sort((a, b) => b.score - a.score);
  const positives = examples.filter((one) => one.positive).length;
  const negatives = p.count - positives;
  const countsAt = (tp: number, fp: number): Counts => ({
    tp,
    fp,
    fn: positives - tp,
    tn: negatives - fp,
  });
  let [tp, fp] = [0, 0];
  let best = { value: beyond(examples[0]!.score, p.margins), worth: worth(countsAt(0, 0)) };
  examples.forEach(({ score, positive: own }, i) => {
    if (own) tp++;
    else fp++;
    const next = examples[i + 1]?.score;
    if (next === score) return; // equal scores fall on the same side
    const here = worth(countsAt(tp, fp));
    if (better(here, best.worth)) best = { value: between(score, next), worth: here };
  });
  return best.value;
}

function better(a: readonly number[], b: readonly number[]): boolean {
  const i = a.findIndex((value, k) => value !== b[k]);
  return i >= 0 && a[i]! > b[i]!;
}

/** Above `low` and at most `high`, where float32 has room in the middle of them. */
function between(high: number, low: number | undefined): number {
  if (low === undefined) return high;
  const middle = Math.fround(low + (high - low) / 2);
  return middle > low ? middle : high;
}

/** So that no example is positive. */
function beyond(highest: number, margins: boolean): number {
  if (!margins && highest < 1) return between(1, highest);
  return Math.fround(highest + Math.max(1, Math.abs(highest)) * 2 ** -10);
}
