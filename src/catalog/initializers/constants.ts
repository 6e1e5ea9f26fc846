import * as z from 'zod';
import { noFields, number, once } from '../fields.ts';
import type { InitializerEntry } from './initializer.ts';
import { fill } from './sample.ts';

type None = Record<string, never>;

export const zeros: InitializerEntry<None> = {
  name: 'zeros',
  help: 'all 0',
  get schema() {
    return noFields();
  },
  values: (shape) => fill(shape, () => 0),
};

export const ones: InitializerEntry<None> = {
  name: 'ones',
  help: 'all 1',
  get schema() {
    return noFields();
  },
  values: (shape) => fill(shape, () => 1),
};

const schema = once(() => z.strictObject({ value: number().default(0).describe('value of every element') }));

export const constant: InitializerEntry<z.infer<ReturnType<typeof schema>>> = {
  name: 'constant',
  help: 'all the same `value`',
  get schema() {
    return schema();
  },
  values: (shape, _, __, { value }) => fill(shape, () => value),
};
