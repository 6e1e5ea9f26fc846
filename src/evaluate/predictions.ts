import type { LossEntry } from '../catalog/losses/loss.ts';
import type { Predictions, Task } from '../catalog/metrics/metric.ts';
import { invariant } from '../errors.ts';

export interface Outputs {
  readonly task: Task;
  readonly scores: Float32Array; // [count, units]
  readonly units: number;
  /** Class index [count], or the targets [count, units]. */
  readonly truth: Int32Array | Float32Array;
  /** Class tasks: their names, by index. */
  readonly classes?: readonly string[];
  readonly decision: LossEntry<never>['decision'];
  /** Scores are margins, not probabilities. */
  readonly margins?: boolean;
}

/** Turns scores into predictions as the loss decides, and counts them against the truth. */
export function predictionsOf({
  task,
  scores,
  units,
  truth,
  classes,
  decision,
  margins = false,
}: Outputs): Predictions {
  const count = scores.length / units;
  if (task === 'regression') {
    invariant(truth.length === scores.length, `${truth.length} targets for ${scores.length} values`);
    return { task, count, units, scores, truth };
  }
  invariant(classes, 'a class task has class names');
  invariant(truth.length === count, `${truth.length} labels for ${count} rows of scores`);
  const predicted = decide(scores, units, count, decision);
  const confusion = countPairs(truth, predicted, classes.length);
  return { task, count, units, scores, margins, truth, predicted, classes, confusion };
}

/** The same comparisons as in the graph: the first of equal scores wins, thresholds are float32. */
function decide(
  scores: Float32Array,
  units: number,
  count: number,
  decision: Outputs['decision'],
): Int32Array {
  invariant(decision.kind !== 'value', 'a class task needs a loss that decides between classes');
  if (decision.kind === 'threshold') {
    const at = Math.fround(decision.at);
    return Int32Array.from(scores, (score) => (score >= at ? 1 : 0));
  }
  const predicted = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    let best = i * units;
    for (let j = best + 1; j < (i + 1) * units; j++) if (scores[j]! > scores[best]!) best = j;
    predicted[i] = best - i * units;
  }
  return predicted;
}

function countPairs(truth: ArrayLike<number>, predicted: Int32Array, classes: number): number[][] {
  const confusion = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let i = 0; i < predicted.length; i++) {
    const row = confusion[truth[i]!];
    invariant(row && predicted[i]! < classes, `row ${i} has a class beyond ${classes}`);
    row[predicted[i]!]!++;
  }
  return confusion;
}
