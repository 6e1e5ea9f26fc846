import type { LossDecision } from '../src/catalog/losses/loss.ts';
import { type Threshold, taskOf } from '../src/catalog/tasks/index.ts';
import type { ClassPredictions, LabelPredictions, NumberPredictions } from '../src/protocol/predictions.ts';

interface Forms {
  readonly classification: ClassPredictions;
  readonly multilabel_classification: LabelPredictions;
  readonly regression: NumberPredictions;
}

interface Scores<T extends keyof Forms> {
  readonly task: T;
  readonly scores: Float32Array;
  readonly units: number;
  readonly truth: Int32Array | Float32Array;
  readonly classes?: readonly string[];
  readonly labels?: readonly string[];
  readonly decision: LossDecision;
  readonly threshold?: Threshold;
  readonly margins?: boolean;
}

/** What the task makes of scores and truth, without a config and data around them. */
export function predictionsOf<T extends keyof Forms>({
  task,
  classes,
  labels,
  ...given
}: Scores<T>): Forms[T] {
  const columns = Array.from({ length: given.units }, (_, k) => `y${k + 1}`);
  const target = classes
    ? { kind: 'class', classes }
    : labels
      ? { kind: 'labels', labels }
      : { kind: 'number', columns };
  return taskOf(task).predictions({ target, ...given }) as Forms[T];
}
