import * as z from 'zod';
import { Misfit } from '../../base/misfit.ts';
import { once, positive } from '../fields.ts';
import type { BalanceEntry } from './balance.ts';

interface ClassWeightsParams {
  readonly weights: 'balanced' | Readonly<Record<string, number>>;
}

const schema = once(() =>
  z.strictObject({
    weights: z
      .union([z.literal('balanced'), z.record(z.string(), positive())])
      .default('balanced')
      .describe(
        'balanced: rows / (classes · rows of the class), or a weight for each class: { yes: 5 }; others weigh 1',
      ),
  }),
);

/**
 * Keras' class_weight: the loss of each example times the weight of its class, the sum over the batch by its
 * size. scikit-learn's `balanced`.
 */
export const classWeights: BalanceEntry<ClassWeightsParams> = {
  name: 'class_weights',
  help: 'examples of rare classes weigh more in the loss',
  get schema() {
    return schema();
  },
  needs: ['classes'],
  balance({ count, counts, classes }, { weights }) {
    if (weights === 'balanced') {
      const present = counts.filter((n) => n > 0).length;
      return { weights: counts.map((n) => (n > 0 ? count / (present * n) : 0)) };
    }
    const strange = Object.keys(weights).find((name) => !classes.includes(name));
    if (strange !== undefined)
      throw new Misfit('no-such-class', `there is no class \`${strange}\``, {
        field: 'weights',
        help: `the classes are ${classes.slice(0, 8).join(', ')}${classes.length > 8 ? ', …' : ''}`,
      });
    return { weights: classes.map((name) => (Object.hasOwn(weights, name) ? weights[name]! : 1)) };
  },
};
