export { parseExpectation } from '../catalog/expectation.ts';
export { type CheckedExpectation, checkExpectations } from './expectations.ts';
export { type Interval, studentInterval } from './intervals.ts';
export { type McNemar, mcnemar, type PairedDifference, pairedBootstrap, rightOnes } from './paired.ts';
export { perClass } from './per-class.ts';
export { type Outputs, predictionsOf } from './predictions.ts';
export { evaluateSplit } from './split.ts';
