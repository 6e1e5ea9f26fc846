import { noFields } from '../fields.ts';
import type { LossEntry } from './loss.ts';
import { single } from './probabilities.ts';

/**
 * max(0, 1 - y · z) with y = -1 for the first class and 1 for the second: a support vector machine's loss.
 */
export const hinge: LossEntry<Record<string, never>> = {
  name: 'hinge',
  help: 'for two classes, one output unit: a margin of 1 on the right side',
  get schema() {
    return noFields();
  },
  needs: ['two_classes'],
  examples(g, output, y) {
    const sign = g.sub(g.mul(g.cast(y, 'f32'), 2), 1);
    return g.relu(g.sub(1, g.mul(sign, single(g, output))));
  },
  scores: (_, output) => output,
  margins: true,
  decision: { kind: 'threshold', at: 0 },
};
