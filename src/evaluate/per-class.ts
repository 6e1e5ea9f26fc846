import { countsOf, f1Of, precisionOf, recallOf, specificityOf } from '../catalog/metrics/index.ts';
import type { ClassRow } from '../protocol/metric-values.ts';
import type { ClassPredictions, LabelPredictions } from '../protocol/predictions.ts';

/** Each class against the rest, or each label, in their order. */
export function perClass(p: ClassPredictions | LabelPredictions): ClassRow[] {
  const names = p.form === 'labels' ? p.labels : p.classes;
  return countsOf(p).map((counts, k) => ({
    class: names[k]!,
    precision: precisionOf(counts),
    sensitivity: recallOf(counts),
    specificity: specificityOf(counts),
    f1: f1Of(counts),
    support: counts.tp + counts.fn,
  }));
}
