import type { LearningCurve } from '../../../evaluate/index.ts';
import { isMap, isNumber, isValues } from '../checks.ts';
import type { GroupResult } from '../result.ts';

/** `result.json` of a learning curve. */
export interface CurveResult extends GroupResult {
  /** Absent where no size has a score. */
  readonly curve?: LearningCurve;
}

const isEstimate = (e: unknown) => isMap(e) && isNumber(e['value']) && isValues(e['interval'], 2);

const VERDICTS: Readonly<Record<LearningCurve['verdict'], true>> = {
  more_data: true,
  larger_model: true,
  more_data_and_larger_model: true,
  less_variance: true,
  no_evidence: true,
};

export function isCurve(curve: unknown): curve is LearningCurve {
  if (!isMap(curve)) return false;
  const { metric, seeds, points, gap, shortfall, gains, evidence, verdict } = curve;
  return (
    typeof metric === 'string' &&
    Number.isInteger(seeds) &&
    Array.isArray(points) &&
    points.length > 0 &&
    points.every(
      (p) => isMap(p) && Number.isInteger(p['rows']) && isEstimate(p['train']) && isEstimate(p['validation']),
    ) &&
    isEstimate(gap) &&
    (shortfall === null || isEstimate(shortfall)) &&
    Array.isArray(gains) &&
    gains.every(
      (g) => isMap(g) && [g['times'], g['rows'], g['score']].every(isNumber) && isEstimate(g['gain']),
    ) &&
    isMap(evidence) &&
    typeof verdict === 'string' &&
    Object.hasOwn(VERDICTS, verdict)
  );
}
