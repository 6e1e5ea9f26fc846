import { f1Of, oneAgainstRest, precisionOf, recallOf, specificityOf } from '../catalog/metrics/index.ts';
import type { ClassRow, Predictions } from '../catalog/metrics/metric.ts';
import { invariant } from '../errors.ts';

/** Each class against the rest, in class order. */
export function perClass({ confusion, classes }: Predictions): ClassRow[] {
  invariant(confusion && classes, 'rows for each class need a class task');
  const all = oneAgainstRest(confusion);
  return classes.map((name, k) => {
    const counts = all[k]!;
    return {
      class: name,
      precision: precisionOf(counts),
      sensitivity: recallOf(counts),
      specificity: specificityOf(counts),
      f1: f1Of(counts),
      support: counts.tp + counts.fn,
    };
  });
}
