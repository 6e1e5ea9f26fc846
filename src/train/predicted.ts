import { type Examples, TARGET } from '../base/examples.ts';
import { inOrder } from '../base/order.ts';
import type { Validation } from '../base/proofs.ts';
import { calibrations } from '../catalog/calibrations/index.ts';
import { losses } from '../catalog/losses/index.ts';
import { taskOf } from '../catalog/tasks/index.ts';
import type { NetworkConfig } from '../config/config.ts';
import type { Decision } from '../protocol/decision.ts';
import type { Predictions } from '../protocol/predictions.ts';
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
  const task = taskOf(config.task);
  const loss = losses.get(config.loss.type)!;
  const truth = task.target.truth(target, part.count);
  part.fill(TARGET, truth, inOrder(part.count), 0, part.count);
  const units = outputs.scores.length / part.count;
  // Where nothing was learned the engine's own scores stay as they are.
  const scores =
    calibration && !calibration.open
      ? calibrations
          .get(calibration.type)!
          .apply({ values: outputs.logits!, units: task.eachAlone ? 1 : units }, calibration.learned)
      : outputs.scores;
  return task.predictions({
    target,
    scores,
    units,
    truth,
    decision: loss.decision,
    threshold,
    margins: loss.margins === true,
  }) as PredictionsFor<E, O>;
}
