import type { LossEntry } from '../catalog/losses/loss.ts';
import { countLabels } from '../catalog/metrics/index.ts';
import type { Predictions } from '../catalog/metrics/metric.ts';
import { scoreOf } from '../catalog/metrics/scores.ts';
import { invariant } from '../errors.ts';
import type { Task } from '../protocol/target.ts';

/** One class where its score is at least a threshold, else the likeliest of the others. */
export interface ClassThreshold {
  readonly kind: 'class';
  readonly positive: number;
  readonly at: number;
}

/** Each label where its score is at least its threshold. */
export interface LabelThresholds {
  readonly kind: 'labels';
  readonly at: readonly number[];
}

export interface Outputs {
  readonly task: Task;
  readonly scores: Float32Array; // [count, units]
  readonly units: number;
  /** Class index [count], or the targets [count, units]. */
  readonly truth: Int32Array | Float32Array;
  /** Class tasks: their names, by index. */
  readonly classes?: readonly string[];
  /** Label tasks: what each unit is for. */
  readonly labels?: readonly string[];
  readonly decision: LossEntry<never>['decision'] | ClassThreshold | LabelThresholds;
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
  labels,
  decision,
  margins = false,
}: Outputs): Predictions {
  const count = scores.length / units;
  if (task === 'regression') {
    invariant(truth.length === scores.length, `${truth.length} targets for ${scores.length} values`);
    return { task, count, units, scores, truth };
  }
  if (labels) {
    invariant(truth.length === scores.length, `${truth.length} labels for ${scores.length} scores`);
    const predicted = byLabel(scores, labels.length, decision);
    const plain = { task, count, units, scores, margins, truth, labels, predicted };
    return { ...plain, counts: countLabels(plain) };
  }
  invariant(decision.kind !== 'labels', 'only labels have a threshold each');
  invariant(classes, 'a class task has class names');
  invariant(truth.length === count, `${truth.length} labels for ${count} rows of scores`);
  const plain = { task, count, units, scores, margins, truth, classes };
  const predicted =
    decision.kind === 'class' ? byClass(plain, decision) : decide(scores, units, count, decision);
  const confusion = countPairs(truth, predicted, classes.length);
  return { ...plain, predicted, confusion };
}

/** The same comparisons as in the graph: the first of equal scores wins, thresholds are float32. */
function decide(
  scores: Float32Array,
  units: number,
  count: number,
  decision: LossEntry<never>['decision'],
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

function byLabel(scores: Float32Array, labels: number, decision: Outputs['decision']): Int32Array {
  invariant(decision.kind === 'threshold' || decision.kind === 'labels', 'labels are decided by thresholds');
  const { at } = decision;
  const thresholds = Float32Array.from({ length: labels }, (_, k) => (typeof at === 'number' ? at : at[k]!));
  return Int32Array.from(scores, (score, i) => (score >= thresholds[i % labels]! ? 1 : 0));
}

function byClass(p: Predictions, { positive, at }: ClassThreshold): Int32Array {
  const threshold = Math.fround(at);
  const others = p.classes!.map((_, k) => k).filter((k) => k !== positive);
  return Int32Array.from({ length: p.count }, (_, i) => {
    if (scoreOf32(p, i, positive) >= threshold) return positive;
    let best = others[0]!;
    for (const k of others) if (scoreOf(p, i, k) > scoreOf(p, i, best)) best = k;
    return best;
  });
}

/** As the graph has it: rounded to float32. */
export const scoreOf32 = (p: Predictions, i: number, k: number): number => Math.fround(scoreOf(p, i, k));

function countPairs(truth: ArrayLike<number>, predicted: Int32Array, classes: number): number[][] {
  const confusion = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let i = 0; i < predicted.length; i++) {
    const row = confusion[truth[i]!];
    invariant(row && predicted[i]! < classes, `row ${i} has a class beyond ${classes}`);
    row[predicted[i]!]!++;
  }
  return confusion;
}
