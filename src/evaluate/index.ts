export { COSTS, holds, limitOf, type ParsedExpectation, parseExpectation } from '../catalog/expectation.ts';
export type { BaselineReport, ComparedBaseline } from '../protocol/baseline-report.ts';
export type { Predictions } from '../protocol/predictions.ts';
export { compareBaselines, type TriedBaseline } from './baselines.ts';
export {
  compareMetrics,
  directionOf,
  isMetric,
  type MetricDifference,
  rangeOf,
  readKept,
} from './compare-metrics.ts';
export { type CheckedExpectation, checkExpectations } from './expectations.ts';
export { type Interval, studentInterval } from './intervals.ts';
export { type CurveSize, type LearningCurve, readCurve } from './learning-curve.ts';
export {
  compareFolds,
  evaluateFolds,
  type FoldDifference,
  type FoldPart,
  gathered,
  type OutOfFold,
} from './out-of-fold.ts';
export {
  comparePaired,
  type McNemar,
  mcnemar,
  type PairedDifference,
  pairedBootstrap,
} from './paired.ts';
export { perClass } from './per-class.ts';
export {
  compareReplicates,
  type ReplicateDifference,
  type Replicates,
  replicates,
  type Spread,
  standardError,
} from './replicates.ts';
export { evaluateSplit } from './split.ts';
export { chooseThreshold } from './threshold.ts';
