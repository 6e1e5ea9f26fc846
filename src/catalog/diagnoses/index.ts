import type { Diagnosis } from '../../protocol/diagnosis.ts';
import { deadUnits } from './dead-units.ts';
import type { DiagnosisEntry, Evidence } from './diagnosis.ts';
import { divergence } from './divergence.ts';
import { explodingGradients, vanishingGradients } from './gradients.ts';
import { learningRateTooHigh } from './learning-rate-too-high.ts';
import { learningRateTooLow } from './learning-rate-too-low.ts';
import { overfitting } from './overfitting.ts';
import { saturatedActivations } from './saturated-activations.ts';
import { underfitting } from './underfitting.ts';

export type * from './diagnosis.ts';

/** In the order in which a report lists them: causes before symptoms. */
export const diagnoses: readonly DiagnosisEntry[] = [
  divergence,
  learningRateTooHigh,
  deadUnits,
  saturatedActivations,
  vanishingGradients,
  explodingGradients,
  learningRateTooLow,
  underfitting,
  overfitting,
];

export function diagnose(evidence: Evidence): Diagnosis[] {
  const told: Diagnosis[] = [];
  for (const { name, symptom, find } of diagnoses) {
    const found = symptom && told.length > 0 ? undefined : find(evidence);
    if (found) told.push({ name, ...found });
  }
  return told;
}
