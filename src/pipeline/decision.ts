import { calibrations } from '../catalog/calibrations/index.ts';
import { Misfit } from '../catalog/entry.ts';
import type { TargetShape } from '../catalog/sources/source.ts';
import { positiveClass, thresholds } from '../catalog/thresholds/index.ts';
import type { Validation } from '../catalog/validation.ts';
import { learnedInput, THRESHOLD_INPUT } from '../compile/decide.ts';
import type { Config } from '../config/config.ts';
import type { Examples, Prepared } from '../data/index.ts';
import { configError, dataError } from '../errors.ts';
import { chooseThreshold } from '../evaluate/index.ts';
import { inOrder } from '../run/batches.ts';
import type { Outputs } from '../run/evaluate.ts';
import { predicted } from './predicted.ts';

/** What was made on validation once training was over, and goes into every prediction from then on. */
export interface Decision {
  readonly calibration?: {
    readonly type: string;
    readonly learned: readonly number[];
    /** Why nothing could be learned; `learned` changes nothing then. */
    readonly open?: string;
  };
  readonly threshold?: { readonly positive: number; readonly value: number };
}

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
  if (target.kind !== 'class' || !(calibration || threshold)) return;
  if (validation.count === 0)
    throw configError('no-validation', 'the split has no validation examples', {
      path: ['evaluation', calibration ? 'calibration' : 'threshold'],
      help: 'name some rows `validation` in the column of the split',
    });
  const counts = new Array<number>(target.classes.length).fill(0);
  for (const label of labelsOf(validation)) counts[label]!++;
  const help = 'give `data.split.validation` a larger share, or `stratify: true`';
  const refuse = (key: string, what: string) =>
    dataError('one-class', `\`${key}\` can't be made: ${what}`, { path: ['evaluation', key], help });
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

function labelsOf(part: Examples): Int32Array {
  const labels = new Int32Array(part.count);
  part.labels(labels, inOrder(part.count), 0, part.count);
  return labels;
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
    const logits = { values: outputs.logits!, units: outputs.logits!.length / part.count };
    const found = entry.fit(logits, labelsOf(part), calibration);
    const made = 'open' in found ? { learned: entry.neutral, open: found.open } : { learned: found };
    decision = { calibration: { type: entry.name, ...made } };
  }
  const positive = positiveOf(config, target);
  if (!threshold || positive === undefined) return decision;
  const entry = thresholds.get(threshold.type)!;
  const value = chooseThreshold(predicted(config, target, part, outputs, decision), positive, (counts) =>
    entry.worth(counts, threshold),
  );
  return { ...decision, threshold: { positive, value } };
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
    ...(threshold ? [[THRESHOLD_INPUT, Float32Array.of(threshold.value)] as const] : []),
  ]);
}
