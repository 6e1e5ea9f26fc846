import { type Examples, TARGET } from '../base/examples.ts';
import { inOrder } from '../base/order.ts';
import type { Validation } from '../base/proofs.ts';
import { calibrations } from '../catalog/calibrations/index.ts';
import { losses } from '../catalog/losses/index.ts';
import type { Predictions } from '../catalog/metrics/metric.ts';
import type { NetworkConfig } from '../config/config.ts';
import { type ClassThreshold, type LabelThresholds, predictionsOf } from '../evaluate/index.ts';
import type { Decision } from '../protocol/decision.ts';
import type { TargetShape } from '../protocol/target.ts';
import type { Outputs } from './evaluate.ts';

/** Predictions of validation examples, from nothing else, are known as such. */
type PredictionsFor<E, O> =
  E extends Validation<Examples>
    ? O extends Validation<Outputs>
      ? Validation<Predictions>
      : Predictions
    : Predictions;

/**
 * One split's outputs beside its truth, with the decisions that the loss takes.
 * @param decision calibrated and decided by this instead
 */
export function predicted<E extends Examples, O extends Outputs>(
  config: NetworkConfig,
  target: TargetShape,
  part: E,
  outputs: O,
  { calibration, threshold }: Decision = {},
): PredictionsFor<E, O> {
  const classes = target.kind === 'class' ? target.classes : undefined;
  const labels = target.kind === 'labels' ? target.labels : undefined;
  const length = classes ? part.count : outputs.scores.length;
  const truth = target.kind === 'number' ? new Float32Array(length) : new Int32Array(length);
  part.fill(TARGET, truth, inOrder(part.count), 0, part.count);
  const loss = losses.get(config.loss.type)!;
  const units = outputs.scores.length / part.count;
  // Where nothing was learned the engine's own scores stay as they are.
  const scores =
    calibration && !calibration.open
      ? calibrations
          .get(calibration.type)!
          .apply({ values: outputs.logits!, units: labels ? 1 : units }, calibration.learned)
      : outputs.scores;
  return predictionsOf({
    task: config.task,
    scores,
    units,
    truth,
    classes,
    labels,
    decision: threshold ? byThreshold(threshold) : loss.decision,
    margins: loss.margins === true,
  }) as PredictionsFor<E, O>;
}

const byThreshold = (threshold: NonNullable<Decision['threshold']>): ClassThreshold | LabelThresholds =>
  'values' in threshold
    ? { kind: 'labels', at: threshold.values }
    : { kind: 'class', positive: threshold.positive, at: threshold.value };
