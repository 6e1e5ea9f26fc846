import * as z from 'zod';
import { lastAxis, type Node } from '../../graph/index.ts';
import { fraction, once, positive } from '../fields.ts';
import type { LayerContext, LayerEntry, OneInput } from './layer.ts';
import { initChoice } from './weights.ts';

const schema = once(() =>
  z.strictObject({
    momentum: fraction().default(0.99).describe('decay rate of the moving mean and variance'),
    epsilon: positive()
      .default(1e-3)
      .describe('small constant added to the variance for numerical stability'),
    center: z.boolean().default(true).describe('learn a shift, `beta`'),
    scale: z.boolean().default(true).describe('learn a factor, `gamma`'),
  }),
);
type Params = z.infer<ReturnType<typeof schema>>;

/**
 * gamma · (x - mean) / sqrt(variance + epsilon) + beta for each index of the last axis: Ioffe and Szegedy
 * 2015. Mean and (biased) variance are the batch's in training, moving averages of them otherwise, as in
 * Keras.
 */
export const batchNormalization: LayerEntry<Params> = {
  name: 'batch_normalization',
  help: 'keeps each channel at mean 0 and variance 1 over the batch',
  get schema() {
    return schema();
  },
  apply(ctx, [x]: OneInput, params) {
    const { g, weight } = ctx;
    // A frozen one keeps its statistics also while others train, as in Keras.
    const training = ctx.training && ctx.trainable;
    const channels = [lastAxis(x)];
    const gamma = params.scale ? weight('gamma', channels, initChoice('ones')) : undefined;
    const beta = params.center ? weight('beta', channels, initChoice('zeros')) : undefined;
    const { centered, mean, variance } = training ? batchStatistics(ctx, x) : noStatistics;
    const movingMean = moving(ctx, 'moving_mean', channels, 'zeros', mean, params);
    const movingVariance = moving(ctx, 'moving_variance', channels, 'ones', variance, params);
    const deviation = g.sqrt(g.add(variance ?? movingVariance, params.epsilon));
    // The factors of a channel are joined before they meet its pixels.
    const factor = g.div(gamma ?? 1, deviation);
    if (centered) {
      const scaled = g.mul(centered, factor);
      return beta ? g.add(scaled, beta) : scaled;
    }
    const offset = g.mul(movingMean, factor);
    return g.add(g.mul(x, factor), beta ? g.sub(beta, offset) : g.neg(offset));
  },
};

interface Statistics {
  readonly centered?: Node;
  readonly mean?: Node;
  readonly variance?: Node;
}
const noStatistics: Statistics = {};

function batchStatistics({ g }: LayerContext, x: Node): Statistics {
  const axes = x.shape.slice(0, -1).map((_, i) => i);
  const mean = g.mean(x, axes);
  const centered = g.sub(x, mean);
  return { centered, mean, variance: g.mean(g.square(centered), axes) };
}

/** momentum · moving + (1 - momentum) · batch. */
const moving = (
  { g, moving }: LayerContext,
  name: string,
  shape: readonly number[],
  start: string,
  batch: Node | undefined,
  { momentum }: Params,
): Node =>
  moving(
    name,
    shape,
    initChoice(start),
    batch && ((current) => g.add(g.mul(current, momentum), g.mul(batch, 1 - momentum))),
  );
