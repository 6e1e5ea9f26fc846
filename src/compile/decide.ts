import { item } from '../base/item.ts';
import { calibrations } from '../catalog/calibrations/index.ts';
import { losses } from '../catalog/losses/index.ts';
import type { NetworkConfig } from '../config/config.ts';
import { invariant } from '../errors.ts';
import type { GraphBuilder, Node } from '../graph/index.ts';
import { type Scored, scored } from './1-build.ts';
import type { Target } from './compile-input.ts';

/** Inputs of `predict` whose values training ends with; an export makes constants of them. */
export const learnedInput = (name: string): string => `calibration/${name}`;
export const THRESHOLD_INPUT = 'threshold/value';

/** Below every probability, and every margin that a network gives. */
const LOWEST = -3.4e38;

/** What a calibration works on, `[batch, units]`. */
export function logitsOf(config: NetworkConfig, g: GraphBuilder, output: Node): Node {
  const loss = losses.get(config.loss.type)!;
  invariant(loss.logits, `calibration passed validation with ${loss.name}`);
  g.scope = 'calibration';
  return loss.logits(g, output, config.loss as never);
}

/** Scores and label of a finished model, calibrated and decided by a threshold where the config says so. */
export function decided(
  config: NetworkConfig,
  g: GraphBuilder,
  output: Node,
  { kind, positive }: Target,
): Scored {
  const { calibration, threshold } = config.evaluation;
  let { scores, predicted } = scored(config, g, output);
  if (calibration) {
    const entry = calibrations.get(calibration.type)!;
    const logits = logitsOf(config, g, output);
    const learned = entry.learns.map((name) => g.input(learnedInput(name), []));
    const z = entry.emit(g, logits, learned);
    scores = kind === 'labels' || z.shape[1] === 1 ? g.sigmoid(z) : g.softmax(z);
  }
  if (!threshold || !predicted) return { scores, predicted };
  if (kind === 'labels') {
    g.scope = 'threshold';
    const values = g.input(THRESHOLD_INPUT, [1, item(scores.shape, 1)]);
    return { scores, predicted: g.cast(g.greaterEqual(scores, values), 'i32') };
  }
  invariant(positive !== undefined, 'the class of a threshold is known before compilation');
  g.scope = 'threshold';
  predicted = byThreshold(g, scores, positive, losses.get(config.loss.type)!.margins === true);
  return { scores, predicted };
}

/**
 * i32 `[batch]`: the class `positive` where its score reaches the threshold, else the likeliest other class.
 */
function byThreshold(g: GraphBuilder, scores: Node, positive: number, margins: boolean): Node {
  const [batch, units] = scores.shape as [number, number];
  const own = units === 1 ? 0 : positive;
  const column = g.reshape(g.slice(scores, [0, own], [batch, own + 1]), [batch]);
  const score = units === 1 && positive === 0 ? (margins ? g.neg(column) : g.sub(1, column)) : column;
  const above = g.greaterEqual(score, g.input(THRESHOLD_INPUT, []));
  const yes = g.cast(above, 'i32');
  if (units === 1) return positive === 1 ? yes : g.sub(1, yes);
  const others = Float32Array.from({ length: units }, (_, k) => (k === positive ? LOWEST : 0));
  const rest = g.argmax(g.add(scores, g.constant(others, [1, units])), 1);
  // Class indices add up exactly: one of the two products is 0.
  return g.add(g.mul(yes, positive), g.mul(g.sub(1, yes), rest));
}
