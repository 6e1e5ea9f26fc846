import { type Examples, TARGET } from '../base/examples.ts';
import { Misfit } from '../base/misfit.ts';
import { inOrder } from '../base/order.ts';
import type { Validation } from '../base/proofs.ts';
import { calibrations } from '../catalog/calibrations/index.ts';
import { type Threshold, taskOf } from '../catalog/tasks/index.ts';
import { thresholds } from '../catalog/thresholds/index.ts';
import { learnedInput, THRESHOLD_INPUT } from '../compile/decide.ts';
import type { Config } from '../config/config.ts';
import { networkOf } from '../config/index.ts';
import type { Prepared } from '../data/index.ts';
import { configError, dataError } from '../errors.ts';
import { chooseThreshold } from '../evaluate/index.ts';
import type { Decision } from '../protocol/decision.ts';
import type { TargetShape } from '../protocol/target.ts';
import type { Outputs } from './evaluate.ts';
import { predicted } from './predicted.ts';

/**
 * Index of the output that `evaluation.threshold` is for, where it is for one.
 * @throws MlxError at its place in the config
 */
export function positiveOf(
  { task, evaluation: { threshold } }: Config,
  target: TargetShape,
): number | undefined {
  if (!threshold) return undefined;
  try {
    return taskOf(task).positive?.(threshold.pos_label, target);
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
  const task = taskOf(config.task);
  if (!task.undecidable || !(calibration || threshold)) return;
  if (validation.count === 0)
    throw configError('no-validation', 'the split has no validation examples', {
      path: ['evaluation', calibration ? 'calibration' : 'threshold'],
      help: 'name some rows `validation` in the column of the split',
    });
  const found = task.undecidable(target, truthOf(config, validation, target), {
    calibration: calibration !== null,
    threshold: threshold !== null,
    positive: positiveOf(config, target),
  });
  if (!found) return;
  const strata = task.offers.includes('classes') ? ', or `stratify: true`' : '';
  throw dataError('one-class', `\`${found.key}\` can't be made: ${found.why}`, {
    path: ['evaluation', found.key],
    help: `give \`data.split.validation\` a larger share${strata}`,
  });
}

/** Class index of each example, or its labels. */
function truthOf({ task }: Config, part: Examples, target: TargetShape): Int32Array {
  const truth = taskOf(task).target.truth(target, part.count);
  part.fill(TARGET, truth, inOrder(part.count), 0, part.count);
  return truth as Int32Array;
}

/** Fits the calibration, then chooses the threshold among calibrated scores. Test examples have no way in. */
export function decide(
  config: Config,
  target: TargetShape,
  part: Validation<Examples>,
  outputs: Validation<Outputs>,
): Decision {
  const { calibration, threshold } = config.evaluation;
  const task = taskOf(config.task);
  let decision: Decision = {};
  if (calibration) {
    const entry = calibrations.get(calibration.type)!;
    // Labels are decisions between two classes, all together.
    const units = task.eachAlone ? 1 : outputs.logits!.length / part.count;
    const found = entry.fit({ values: outputs.logits!, units }, truthOf(config, part, target), calibration);
    const made = 'open' in found ? { learned: entry.neutral, open: found.open } : { learned: found };
    decision = { calibration: { type: entry.name, ...made } };
  }
  if (!threshold) return decision;
  const entry = thresholds.get(threshold.type)!;
  const scored = predicted(networkOf(config), target, part, outputs, decision);
  const best = (k: number) => chooseThreshold(scored, k, (counts) => entry.worth(counts, threshold));
  return { ...decision, threshold: task.choose!(target, positiveOf(config, target), best) };
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

const thresholdValues = (threshold: Threshold): Float32Array =>
  Float32Array.from('values' in threshold ? threshold.values : [threshold.value]);
