import * as z from 'zod';
import { normal, streamKey, uniform } from '../../base/random.ts';
import { configError } from '../../errors.ts';
import { valueFingerprint } from '../../readers/files/data-file.ts';
import type { DataShape } from '../../readers/raw-data.ts';
import type { SourceContext } from '../../readers/source-context.ts';
import { atLeastZero, number, once } from '../fields.ts';
import type { SourceEntry } from './source.ts';

interface GeneratedParams {
  readonly kind: 'linear';
  readonly coefficients: readonly number[];
  readonly intercept: number;
  readonly noise: number;
  readonly count: number;
  readonly low: number;
  readonly high: number;
}

/** @throws MlxError `range`, `task` with the config's path */
function describe(params: GeneratedParams, ctx: SourceContext): DataShape {
  const { coefficients, count, low, high } = params;
  if (low >= high)
    throw configError('range', `\`low\` is ${low}, which is not below \`high\`, ${high}`, {
      path: ['data', 'source', 'low'],
      help: 'give a smaller `low`',
    });
  if (!ctx.numeric)
    throw configError('task', `\`generated\` makes numbers to regress on; the task is ${ctx.task}`, {
      path: ['task'],
      help: 'task: regression',
    });
  return { shape: [coefficients.length], target: { kind: 'number', columns: [ctx.target ?? 'y'] }, count };
}

const schema = once(() =>
  z.strictObject({
    kind: z.literal('linear').default('linear').describe('y = x · coefficients + intercept + noise'),
    coefficients: z.array(number()).min(1).max(1024).default([2]).describe('one for each input column'),
    intercept: number().default(0).describe('y at x = 0'),
    noise: atLeastZero().default(0.1).describe('standard deviation of what is added to y'),
    count: z.int().min(1).max(10_000_000).default(200).describe('number of examples'),
    low: number().default(-1).describe('smallest x'),
    high: number().default(1).describe('upper end of x'),
  }),
);

/**
 * `y = x · coefficients + intercept + noise · n`, x uniform in [low, high), n standard normal, from the run's
 * seed.
 */
export const generated: SourceEntry<GeneratedParams> = {
  name: 'generated',
  help: 'examples of a linear law with noise, made from the seed',
  get schema() {
    return schema();
  },
  describe,
  async read(params, ctx) {
    const { coefficients, intercept, noise, count, low, high } = params;
    const { shape, target } = describe(params, ctx);
    const width = coefficients.length;
    const inputs = streamKey(ctx.seed, 'data/generated');
    const errors = streamKey(ctx.seed, 'data/generated/noise');
    const x = new Float32Array(new SharedArrayBuffer(count * width * 4));
    const y = new Float32Array(count);
    for (let i = 0; i < count; i++) {
      let sum = intercept + noise * normal(errors, i);
      for (let j = 0; j < width; j++) {
        const at = i * width + j;
        x[at] = low + (high - low) * uniform(inputs, at);
        sum += x[at]! * coefficients[j]!; // from the rounded x, which is what the model sees
      }
      y[i] = sum;
    }
    return {
      shape,
      target,
      count,
      x,
      y,
      columns: coefficients.map((_, j) => ({ name: width === 1 ? 'x' : `x${j + 1}`, kind: 'number' })),
      files: [
        valueFingerprint('generated', [
          params.kind,
          coefficients,
          intercept,
          noise,
          count,
          low,
          high,
          ctx.seed,
        ]),
      ],
    };
  },
};
