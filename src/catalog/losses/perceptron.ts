import { noFields } from '../fields.ts';
import type { LossEntry } from './loss.ts';
import { single } from './probabilities.ts';

/**
 * (p - y) · z with the prediction p = 1 where z >= 0, else 0: 0 for an example that is right, |z| for one
 * that is wrong. A comparison has no gradient, so the derivative by z is p - y and descent is Rosenblatt's
 * rule of 1958, w += rate · (y - p) · x. ("The perceptron", Psychological Review 65.)
 */
export const perceptron: LossEntry<Record<string, never>> = {
  name: 'perceptron',
  help: "for two classes, one output unit: Rosenblatt's rule, which learns from wrong examples only",
  get schema() {
    return noFields();
  },
  needs: ['two_classes'],
  examples(g, output, y) {
    const margin = single(g, output);
    const predicted = g.cast(g.greaterEqual(margin, 0), 'f32');
    return g.mul(g.sub(predicted, g.cast(y, 'f32')), margin);
  },
  scores: (_, output) => output,
  margins: true,
  decision: { kind: 'threshold', at: 0 },
};
