import { type Examples, TARGET } from '../base/examples.ts';
import { Misfit } from '../base/misfit.ts';
import { inOrder } from '../base/order.ts';
import type { Validation } from '../base/proofs.ts';
import { calibrations } from '../catalog/calibrations/index.ts';
import { positiveClass, thresholds } from '../catalog/thresholds/index.ts';
import { learnedInput, THRESHOLD_INPUT } from '../compile/decide.ts';
import type { Config } from '../config/config.ts';
import { networkOf } from '../config/index.ts';
import type { Prepared } from '../data/index.ts';
import { configError, dataError } from '../errors.ts';
import { chooseThreshold } from '../evaluate/index.ts';
import type { Decision } from '../protocol/decision.ts';
import type { TargetShape } from '../protocol/target.ts';
import { targetWidth } from '../protocol/target.ts';
import type { Outputs } from './evaluate.ts';
import { predicted } from './predicted.ts';

/** Index of the class that `evaluation.threshold` is for. @throws MlxError at its place in the config */
export function positiveOf({ evaluation: { threshold } }: Config, target: TargetShape): number | undefined {
  if (!threshold || target.kind !== 'class') return undefined;
  try {
    return positiveClass(target.classes, threshold.pos_label);
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    const path = ['evaluation', 'threshold', ...(error.field ? [error.field] : [])];
    throw configError(error.code, error.message, { path, help: error.help });
  }
}

/**
 * Before anything is trained: validation holds what a threshold or a calibration is made of.
 * @throws MlxError `one-class`, exit code 3
 */
export function checkDecidable(config: Config, { target, validation }: Prepared): void {
  const { calibration, threshold } = config.evaluation;
  if (target.kind === 'number' || !(calibration || threshold)) return;
  if (validation.count === 0)
    throw configError('no-validation', 'the split has no validation examples', {
      path: ['evaluation', calibration ? 'calibration' : 'threshold'],
      help: 'name some rows `validation` in the column of the split',
    });
  const help = `give \`data.split.validation\` a larger share${target.kind === 'class' ? ', or `stratify: true`' : ''}`;
  const refuse = (key: string, what: string) =>
    dataError('one-class', `\`${key}\` can't be made: ${what}`, { path: ['evaluation', key], help });
  const truth = truthOf(validation, target);
  if (target.kind === 'labels') {
    const { labels } = target;
    const counts = new Array<number>(labels.length).fill(0);
    truth.forEach((has, i) => {
      counts[i % labels.length]! += has;
    });
    const [none, all] = [0, validation.count].map((n) => labels.filter((_, k) => counts[k] === n));
    const few = (names: readonly string[]) =>
      `${names.slice(0, 5).join(', ')}${names.length > 5 ? ', …' : ''}`;
    if (threshold && none!.length > 0)
      throw refuse('threshold', `no validation example has the label ${few(none!)}`);
    if (threshold && all!.length > 0)
      throw refuse('threshold', `every validation example has the label ${few(all!)}`);
    if (calibration && (none!.length === labels.length || all!.length === labels.length))
      throw refuse('calibration', 'all labels of all validation examples are the same');
    return;
  }
  const counts = new Array<number>(target.classes.length).fill(0);
  for (const label of truth) counts[label]!++;
  const positive = positiveOf(config, target);
  if (positive !== undefined) {
    const name = target.classes[positive]!;
    if (counts[positive] === 0) throw refuse('threshold', `no validation example is of class ${name}`);
    if (counts[positive] === validation.count)
      throw refuse('threshold', `every validation example is of class ${name}`);
  }
  if (calibration && counts.filter((count) => count > 0).length < 2)
    throw refuse('calibration', 'all validation examples are of one class');
}

/** Class index of each example, or its labels. */
function truthOf(part: Examples, target: TargetShape): Int32Array {
  const truth = new Int32Array(part.count * targetWidth(target));
  part.fill(TARGET, truth, inOrder(part.count), 0, part.count);
  return truth;
}

/** Fits the calibration, then chooses the threshold among calibrated scores. Test examples have no way in. */
export function decide(
  config: Config,
  target: TargetShape,
  part: Validation<Examples>,
  outputs: Validation<Outputs>,
): Decision {
  const { calibration, threshold } = config.evaluation;
  let decision: Decision = {};
  if (calibration) {
    const entry = calibrations.get(calibration.type)!;
    // Labels are decisions between two classes, all together.
    const units = target.kind === 'labels' ? 1 : outputs.logits!.length / part.count;
    const found = entry.fit({ values: outputs.logits!, units }, truthOf(part, target), calibration);
    const made = 'open' in found ? { learned: entry.neutral, open: found.open } : { learned: found };
    decision = { calibration: { type: entry.name, ...made } };
  }
  if (!threshold) return decision;
  const entry = thresholds.get(threshold.type)!;
  const scored = predicted(networkOf(config), target, part, outputs, decision);
  const choose = (k: number) => chooseThreshold(scored, k, (counts) => entry.worth(counts, threshold));
  if (target.kind === 'labels')
    return { ...decision, threshold: { values: target.labels.map((_, k) => choose(k)) } };
  const positive = positiveOf(config, target);
  return positive === undefined
    ? decision
    : { ...decision, threshold: { positive, value: choose(positive) } };
}

/** What the inputs of `predict` that aren't weights are. */
export function decisionState({ calibration, threshold }: Decision): Map<string, Float32Array> {
  const learned = calibration
    ? calibrations
        .get(calibration.type)!
        .learns.map((name, i) => [learnedInput(name), Float32Array.of(calibration.learned[i]!)] as const)
    : [];
  return new Map([
    ...learned,
    ...(threshold ? [[THRESHOLD_INPUT, thresholdValues(threshold)] as const] : []),
  ]);
}

const thresholdValues = (threshold: NonNullable<Decision['threshold']>): Float32Array =>
  Float32Array.from('values' in threshold ? threshold.values : [threshold.value]);
