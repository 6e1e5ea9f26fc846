import { accuracy } from './accuracy.ts';
import { averagePrecision } from './average-precision.ts';
import { balancedAccuracy } from './balanced-accuracy.ts';
import { brier } from './brier.ts';
import { cohenKappa } from './cohen-kappa.ts';
import { expectedCalibrationError } from './expected-calibration-error.ts';
import { explainedVariance } from './explained-variance.ts';
import { f1 } from './f1.ts';
import { hammingLoss } from './hamming-loss.ts';
import { jaccard } from './jaccard.ts';
import { logLoss } from './log-loss.ts';
import { matthewsCorrcoef } from './matthews-corrcoef.ts';
import { meanAbsoluteError } from './mean-absolute-error.ts';
import { meanAbsolutePercentageError } from './mean-absolute-percentage-error.ts';
import { meanSquaredError } from './mean-squared-error.ts';
import type { MetricEntry } from './metric.ts';
import { perplexity } from './perplexity.ts';
import { pinball } from './pinball.ts';
import { precision } from './precision.ts';
import { r2 } from './r2.ts';
import { recall } from './recall.ts';
import { rocAuc } from './roc-auc.ts';
import { rootMeanSquaredError } from './root-mean-squared-error.ts';
import { rootMeanSquaredLogError } from './root-mean-squared-log-error.ts';
import { sensitivity } from './sensitivity.ts';
import { specificity } from './specificity.ts';
import { subsetAccuracy } from './subset-accuracy.ts';
import { topKAccuracy } from './top-k-accuracy.ts';

export type { ReliabilityBin } from '../../protocol/metric-values.ts';
export { countsOf, f1Of, oneAgainstRest, precisionOf, recallOf, specificityOf } from './confusion.ts';
export { reliability } from './expected-calibration-error.ts';
export { countLabels, labelOf } from './labels.ts';
export type * from './metric.ts';

const entries: readonly MetricEntry[] = [
  accuracy,
  ...precision,
  ...recall,
  ...sensitivity,
  specificity,
  ...f1,
  ...jaccard,
  subsetAccuracy,
  hammingLoss,
  balancedAccuracy,
  matthewsCorrcoef,
  cohenKappa,
  ...topKAccuracy,
  ...rocAuc,
  ...averagePrecision,
  logLoss,
  perplexity,
  brier,
  expectedCalibrationError,
  meanAbsoluteError,
  meanSquaredError,
  rootMeanSquaredError,
  rootMeanSquaredLogError,
  meanAbsolutePercentageError,
  r2,
  explainedVariance,
  ...pinball,
];

/** Metrics by name, in the order in which help lists them. */
export const metrics: ReadonlyMap<string, MetricEntry> = new Map(entries.map((entry) => [entry.name, entry]));
