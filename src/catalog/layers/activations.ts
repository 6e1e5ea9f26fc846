import * as z from 'zod';
import type { GraphBuilder, Node } from '../../graph/index.ts';
import { atLeastZero } from '../fields.ts';
import { softplus } from '../softplus.ts';

/** An element-wise function (softmax: over the last axis); parameters are Keras 3's, with its defaults. */
type Activation = (g: GraphBuilder, x: Node, params: ActivationParams) => Node;

interface ActivationParams {
  readonly negative_slope?: number;
  readonly alpha?: number;
}

export const activations = {
  linear: (_, x) => x,
  relu: (g, x) => g.relu(x),
  /** x where positive, else slope · x; one product and relu's cheap gradient instead of a selection. */
  leaky_relu: (g, x, { negative_slope: slope = 0.2 }) => g.add(g.mul(g.relu(x), 1 - slope), g.mul(x, slope)),
  /** x where positive, else alpha · (exp(x) - 1): Clevert et al. 2016. Only the negative part enters exp. */
  elu(g, x, { alpha = 1 }) {
    const positive = g.relu(x);
    const negative = g.sub(x, positive);
    return g.add(positive, g.mul(g.sub(g.exp(negative), 1), alpha));
  },
  /** x · Φ(x), Φ the normal distribution function: Hendrycks and Gimpel 2016. Exact, not the tanh form. */
  gelu: (g, x) => g.mul(g.mul(x, 0.5), g.add(g.erf(g.mul(x, Math.SQRT1_2)), 1)),
  silu: (g, x) => g.mul(x, g.sigmoid(x)),
  sigmoid: (g, x) => g.sigmoid(x),
  tanh: (g, x) => g.tanh(x),
  softplus: (g, x) => softplus(g, x),
  softmax: (g, x) => g.softmax(x),
  /**
   * 1 where x >= 0, else 0: Rosenblatt's threshold. Its gradient is 0, so nothing below it learns by descent.
   */
  step: (g, x) => g.cast(g.greaterEqual(x, 0), 'f32'),
} as const satisfies Record<string, Activation>;

export type ActivationName = keyof typeof activations;

const names = Object.keys(activations) as [ActivationName, ...ActivationName[]];

/** A name, or a map where the function has a parameter. */
export const activationField = () =>
  z.union([
    z.enum(names),
    z.strictObject({
      type: z.literal('leaky_relu'),
      negative_slope: atLeastZero().default(0.2).describe('slope below 0'),
    }),
    z.strictObject({
      type: z.literal('elu'),
      alpha: atLeastZero().default(1).describe('negated limit for large negative values'),
    }),
  ]);
export type ActivationChoice = z.infer<ReturnType<typeof activationField>>;

/** Applies the function that a config chose. */
export function activate(g: GraphBuilder, x: Node, choice: ActivationChoice): Node {
  const params: ActivationParams & { type: ActivationName } =
    typeof choice === 'string' ? { type: choice } : choice;
  return (activations[params.type] as Activation)(g, x, params);
}
