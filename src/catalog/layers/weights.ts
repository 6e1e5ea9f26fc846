import * as z from 'zod';
import { atLeastZero, once } from '../fields.ts';
import { initializers } from '../initializers/index.ts';
import type { InitChoice, Regularizer } from './layer.ts';

/** Fields of an initializer beside its type, after validation. */
type InitFields = Readonly<Record<string, number | string>>;
export type InitField = string | ({ readonly type: string } & InitFields);

const choices = once(
  () =>
    [
      z.enum([...initializers.keys()]),
      ...[...initializers.values()].map((entry) =>
        z.strictObject({ type: z.literal(entry.name), ...(entry.schema as z.ZodObject).shape }),
      ),
    ] as z.ZodType<InitField>[],
);

/** An initializer's name, or a map with its `type` and fields. */
export const initializerField = () => z.union(choices());

/** A field's choice with its defaults filled in. */
export function initChoice(field: InitField): InitChoice {
  if (typeof field === 'string')
    return { type: field, params: initializers.get(field)!.schema.parse({}) as InitFields };
  const { type, ...params } = field;
  return { type, params };
}

const factor = (name: string) =>
  atLeastZero()
    .default(0.01)
    .describe(name === 'l1' ? 'factor of the sum of |w|' : 'factor of the sum of w²');

/** Keras' regularizers; `null` for none. */
export const regularizerField = () =>
  z.union([
    z.null(),
    z.enum(['l1', 'l2']),
    z.strictObject({ type: z.literal('l1'), l1: factor('l1') }),
    z.strictObject({ type: z.literal('l2'), l2: factor('l2') }),
    z.strictObject({ type: z.literal('l1_l2'), l1: factor('l1').default(0), l2: factor('l2').default(0) }),
  ]);
export type RegularizerField = z.infer<ReturnType<typeof regularizerField>>;

const KERAS_FACTOR = 0.01;

export function regularizer(field: RegularizerField): Regularizer | undefined {
  if (field === null) return undefined;
  if (typeof field === 'string') return { l1: 0, l2: 0, [field]: KERAS_FACTOR };
  const { type: _, ...factors } = field;
  return { l1: 0, l2: 0, ...factors };
}

/** What dense and convolution say about their kernel and bias. */
export const kernelFields = () => ({
  use_bias: z.boolean().default(true).describe('add a number per output'),
  kernel_initializer: initializerField().default('glorot_uniform').describe("the kernel's first values"),
  bias_initializer: initializerField().default('zeros').describe("the bias's first values"),
  kernel_regularizer: regularizerField().default(null).describe('penalty on the kernel, added to the loss'),
  bias_regularizer: regularizerField().default(null).describe('penalty on the bias, added to the loss'),
});
