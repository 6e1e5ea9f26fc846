import * as z from 'zod';
import { normal, uniform } from '../../base/random.ts';
import { atLeastZero, number, once } from '../fields.ts';
import type { InitializerEntry } from './initializer.ts';
import { fill, truncatedNormal } from './sample.ts';

interface NormalParams {
  readonly mean: number;
  readonly stddev: number;
}
const normalSchema = once(() =>
  z.strictObject({
    mean: number().default(0).describe('centre of the distribution'),
    stddev: atLeastZero().default(0.05).describe('standard deviation'),
  }),
);

export const randomNormal: InitializerEntry<NormalParams> = {
  name: 'random_normal',
  help: 'normal with `mean` and `stddev`',
  get schema() {
    return normalSchema();
  },
  values: (shape, _, key, { mean, stddev }) => fill(shape, (i) => mean + stddev * normal(key, i)),
};

export const truncatedNormalEntry: InitializerEntry<NormalParams> = {
  name: 'truncated_normal',
  help: 'normal with `mean` and `stddev`, nothing beyond two of them',
  get schema() {
    return normalSchema();
  },
  values: (shape, _, key, { mean, stddev }) => truncatedNormal(shape, key, mean, stddev),
};

const uniformSchema = once(() =>
  z.strictObject({
    minval: number().default(-0.05).describe('smallest value'),
    maxval: number().default(0.05).describe('upper end'),
  }),
);

export const randomUniform: InitializerEntry<z.infer<ReturnType<typeof uniformSchema>>> = {
  name: 'random_uniform',
  help: 'uniform from `minval` to `maxval`',
  get schema() {
    return uniformSchema();
  },
  values: (shape, _, key, { minval, maxval }) =>
    fill(shape, (i) => minval + (maxval - minval) * uniform(key, i)),
};
