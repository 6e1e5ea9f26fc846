import { losses } from '../catalog/losses/index.ts';
import type { Predictions } from '../catalog/metrics/metric.ts';
import type { TargetShape } from '../catalog/sources/source.ts';
import type { Config } from '../config/config.ts';
import type { Examples } from '../data/index.ts';
import { predictionsOf } from '../evaluate/index.ts';
import { inOrder } from '../run/batches.ts';
import type { Outputs } from '../run/evaluate.ts';

/** One split's outputs beside its truth, with the decisions that the loss takes. */
export function predicted(
  config: Config,
  target: TargetShape,
  part: Examples,
  outputs: Outputs,
): Predictions {
  const classes = target.kind === 'class' ? target.classes : undefined;
  const truth = classes ? new Int32Array(part.count) : new Float32Array(outputs.scores.length);
  part.labels(truth, inOrder(part.count), 0, part.count);
  const loss = losses.get(config.loss.type)!;
  return predictionsOf({
    task: config.task,
    scores: outputs.scores,
    units: outputs.scores.length / part.count,
    truth,
    classes,
    decision: loss.decision,
    margins: loss.margins === true,
  });
}
