import * as z from 'zod';
import type { GraphBuilder, Node } from '../../graph/index.ts';
import { fraction, fromLogits, once } from '../fields.ts';
import { softplus } from '../softplus.ts';
import type { LossEntry } from './loss.ts';
import { clipped, single } from './probabilities.ts';

const schema = once(() =>
  z.strictObject({
    from_logits: fromLogits(),
    label_smoothing: fraction().default(0).describe('moves the truth this far from 0 and 1 towards one half'),
  }),
);

const ofProbability = (g: GraphBuilder, p: Node, t: Node): Node => {
  const q = g.sub(1, p);
  return g.neg(g.add(g.mul(t, g.log(p)), g.mul(g.sub(1, t), g.log(q))));
};

/**
 * -y · log p - (1 - y) · log(1 - p) for the second class. From logits: log(1 + exp(z)) - z · y, which is
 * max(z, 0) - z · y + log(1 + exp(-|z|)). Of labels the mean over them, one output unit for each.
 */
export const binaryCrossentropy: LossEntry<z.infer<ReturnType<typeof schema>>> = {
  name: 'binary_crossentropy',
  help: 'for two classes, one output unit; for labels, one unit for each',
  get schema() {
    return schema();
  },
  needs: ['two_classes', 'labels'],
  examples(g, output, y, { from_logits, label_smoothing: smoothing }) {
    const labels = y.shape.length > 1;
    const truth = g.cast(y, 'f32');
    const t = smoothing === 0 ? truth : g.add(g.mul(truth, 1 - smoothing), smoothing / 2);
    const z = labels ? output : single(g, output);
    const losses = from_logits ? g.sub(softplus(g, z), g.mul(z, t)) : ofProbability(g, clipped(g, z), t);
    return labels ? g.mean(losses, [1]) : losses;
  },
  scores: (g, output, params) => (params.from_logits ? g.sigmoid(output) : output),
  logits(g, output, { from_logits }) {
    if (from_logits) return output;
    const p = clipped(g, output);
    return g.sub(g.log(p), g.log(g.sub(1, p)));
  },
  entropy: ({ label_smoothing }) => label_smoothing === 0,
  decision: { kind: 'threshold', at: 0.5 },
};
