import * as z from 'zod';
import { lastAxis } from '../../graph/index.ts';
import { fromLogits, once } from '../fields.ts';
import type { LossEntry } from './loss.ts';
import { clipped, crossentropy } from './probabilities.ts';

const schema = once(() => z.strictObject({ from_logits: fromLogits() }));

/**
 * -log p of the true class. From logits unless `from_logits: false`; Keras' default is the other way round.
 */
export const sparseCategoricalCrossentropy: LossEntry<z.infer<ReturnType<typeof schema>>> = {
  name: 'sparse_categorical_crossentropy',
  help: 'for one of several classes, one output unit per class',
  get schema() {
    return schema();
  },
  needs: ['classes'],
  examples: (g, output, y, params) =>
    crossentropy(g, output, g.oneHot(y, lastAxis(output)), params.from_logits),
  scores: (g, output, params) => (params.from_logits ? g.softmax(output) : output),
  logits: (g, output, params) => (params.from_logits ? output : g.log(clipped(g, output))),
  entropy: () => true,
  decision: { kind: 'argmax' },
};
