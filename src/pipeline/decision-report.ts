import { calibrations } from '../catalog/calibrations/index.ts';
import { losses } from '../catalog/losses/index.ts';
import { metrics, reliability } from '../catalog/metrics/index.ts';
import { thresholds } from '../catalog/thresholds/index.ts';
import type { Config } from '../config/config.ts';
import { networkOf } from '../config/index.ts';
import type { Prepared } from '../data/index.ts';
import { invariant } from '../errors.ts';
import { perClass } from '../evaluate/index.ts';
import type { Decision } from '../protocol/decision.ts';
import type { ClassPredictions, LabelPredictions } from '../protocol/predictions.ts';
import type { Calibrated, CalibrationReport, Result, ThresholdReport } from '../protocol/result.ts';
import type { Scored } from './scored.ts';

interface Splits {
  readonly validation?: Scored;
  readonly test?: Scored;
}

/** What validation made of the scores, for `result.json`. */
export function decisionReports(
  config: Config,
  data: Prepared,
  { calibration, threshold }: Decision,
  { validation, test }: Splits,
): Pick<Result, 'calibration' | 'threshold' | 'thresholds' | 'default_metrics'> {
  if (!validation?.plain) return {};
  return {
    ...(calibration && { calibration: calibrationReport(calibration, data, { validation, test }) }),
    ...(threshold &&
      ('values' in threshold
        ? {
            thresholds: threshold.values.map((value, positive) =>
              thresholdReport(config, { positive, value }, { validation, test }),
            ),
          }
        : { threshold: thresholdReport(config, threshold, { validation, test }) })),
    default_metrics: {
      validation: validation.plain.metrics,
      ...(test?.plain && { test: test.plain.metrics }),
    },
  };
}

function calibrationReport(
  { type, learned, open }: NonNullable<Decision['calibration']>,
  data: Prepared,
  { validation, test }: Splits,
): CalibrationReport {
  const shown = test ?? validation!;
  return {
    type,
    learned: Object.fromEntries(calibrations.get(type)!.learns.map((name, i) => [name, learned[i]!])),
    ...(open !== undefined && { open }),
    examples: data.validation.count,
    split: test ? 'test' : 'validation',
    before: calibrated(decided(shown.plain!)),
    after: calibrated(decided(shown)),
  };
}

type Decided = ClassPredictions | LabelPredictions;

/** Only what is decided is calibrated or has a threshold. */
function decided({ predictions }: Pick<Scored, 'predictions'>): Decided {
  invariant(predictions.form !== 'numbers', 'numbers are not decided by thresholds');
  return predictions;
}

const calibrated = (p: Decided): Calibrated => ({
  expected_calibration_error: metrics.get('expected_calibration_error')!.compute(p),
  log_loss: metrics.get('log_loss')!.compute(p),
  brier: metrics.get('brier')!.compute(p),
  reliability: reliability(p),
});

function thresholdReport(
  config: Config,
  { positive, value }: { readonly positive: number; readonly value: number },
  { validation, test }: Splits,
): ThresholdReport {
  const chosen = config.evaluation.threshold!;
  const { decision } = losses.get(networkOf(config).loss.type)!;
  const rows = ({ predictions, plain }: Scored) => ({
    default: perClass(decided(plain!))[positive]!,
    chosen: perClass(decided({ predictions }))[positive]!,
  });
  const p = decided(validation!);
  const names = p.form === 'labels' ? p.labels : p.classes;
  const half = p.form === 'classes' && names.length === 2 ? 0.5 : null;
  return {
    type: chosen.type,
    criterion: thresholds.get(chosen.type)!.says(chosen),
    pos_label: names[positive]!,
    value,
    default: decision.kind === 'threshold' ? decision.at : half,
    examples: p.count,
    validation: rows(validation!),
    ...(test && { test: rows(test) }),
  };
}
