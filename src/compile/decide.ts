import { calibrations } from '../catalog/calibrations/index.ts';
import { losses } from '../catalog/losses/index.ts';
import { taskOf } from '../catalog/tasks/index.ts';
import type { NetworkConfig } from '../config/config.ts';
import { invariant } from '../errors.ts';
import type { GraphBuilder, Node } from '../graph/index.ts';
import { type Scored, scored } from './1-build.ts';
import type { Target } from './compile-input.ts';

/** Inputs of `predict` whose values training ends with; an export makes constants of them. */
export const learnedInput = (name: string): string => `calibration/${name}`;
export const THRESHOLD_INPUT = 'threshold/value';

/** What a calibration works on, `[batch, units]`. */
export function logitsOf(config: NetworkConfig, g: GraphBuilder, output: Node): Node {
  const loss = losses.get(config.loss.type)!;
  invariant(loss.logits, `calibration passed validation with ${loss.name}`);
  g.scope = 'calibration';
  return loss.logits(g, output, config.loss as never);
}

/** Scores and label of a finished model, calibrated and decided by a threshold where the config says so. */
export function decided(config: NetworkConfig, g: GraphBuilder, output: Node, { positive }: Target): Scored {
  const { calibration, threshold } = config.evaluation;
  const task = taskOf(config.task);
  let { scores, predicted } = scored(config, g, output);
  if (calibration) {
    const entry = calibrations.get(calibration.type)!;
    const logits = logitsOf(config, g, output);
    const learned = entry.learns.map((name) => g.input(learnedInput(name), []));
    const z = entry.emit(g, logits, learned);
    invariant(task.probabilities, `calibration passed validation with ${task.name}`);
    scores = task.probabilities(g, z);
  }
  if (!threshold || !predicted) return { scores, predicted };
  invariant(task.decideByThreshold, `a threshold passed validation with ${task.name}`);
  g.scope = 'threshold';
  predicted = task.decideByThreshold(g, scores, {
    value: (shape) => g.input(THRESHOLD_INPUT, shape),
    positive,
    margins: losses.get(config.loss.type)!.margins === true,
  });
  return { scores, predicted };
}
