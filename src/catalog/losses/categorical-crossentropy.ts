import * as z from 'zod';
import { lastAxis } from '../../graph/index.ts';
import { fraction, fromLogits, once } from '../fields.ts';
import type { LossEntry } from './loss.ts';
import { clipped, crossentropy } from './probabilities.ts';

const schema = once(() =>
  z.strictObject({
    from_logits: fromLogits(),
    label_smoothing: fraction()
      .default(0)
      .describe('share of the truth that is spread evenly over all classes'),
  }),
);

/**
 * -Σ y · log p over a one-hot y, made in the graph from the class index. With smoothing s over k classes, y
 * is (1 - s) · one-hot + s / k: Szegedy et al. 2016.
 */
export const categoricalCrossentropy: LossEntry<z.infer<ReturnType<typeof schema>>> = {
  name: 'categorical_crossentropy',
  help: 'the same as sparse_categorical_crossentropy, with label smoothing',
  get schema() {
    return schema();
  },
  needs: ['classes'],
  examples(g, output, y, { from_logits, label_smoothing }) {
    const classes = lastAxis(output);
    const truth = g.oneHot(y, classes);
    const shares =
      label_smoothing === 0 ? truth : g.add(g.mul(truth, 1 - label_smoothing), label_smoothing / classes);
    return crossentropy(g, output, shares, from_logits);
  },
  scores: (g, output, params) => (params.from_logits ? g.softmax(output) : output),
  logits: (g, output, params) => (params.from_logits ? output : g.log(clipped(g, output))),
  entropy: ({ label_smoothing }) => label_smoothing === 0,
  decision: { kind: 'argmax' },
};
