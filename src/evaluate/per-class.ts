import { countsOf, f1Of, precisionOf, recallOf, specificityOf } from '../catalog/metrics/index.ts';
import type { Predictions } from '../catalog/metrics/metric.ts';
import { invariant } from '../errors.ts';
import type { ClassRow } from '../protocol/metric-values.ts';

/** Each class against the rest, or each label, in their order. */
export function perClass(p: Predictions): ClassRow[] {
  const names = p.classes ?? p.labels;
  invariant(names, 'rows for each class need a class or label task');
  const all = countsOf(p);
  return names.map((name, k) => {
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
