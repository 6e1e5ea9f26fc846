import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { Entry } from '../../src/catalog/entry.ts';
import { initializers } from '../../src/catalog/initializers/index.ts';
import { layers } from '../../src/catalog/layers/index.ts';
import { losses } from '../../src/catalog/losses/index.ts';
import { optimizers } from '../../src/catalog/optimizers/index.ts';
import { schedules } from '../../src/catalog/schedules/index.ts';

const kinds: Record<string, ReadonlyMap<string, Entry<unknown>>> = {
  layers,
  losses,
  optimizers,
  schedules,
  initializers,
};
const all = Object.entries(kinds).flatMap(([kind, entries]) =>
  [...entries].map(([name, entry]) => ({ kind, name, entry })),
);

interface JsonSchema {
  readonly properties?: Record<string, { description?: string; default?: unknown }>;
  readonly required?: readonly string[];
  readonly additionalProperties?: unknown;
}

describe.each(all)('$kind: $name', ({ name, entry }) => {
  const json = z.toJSONSchema(entry.schema, { target: 'draft-7', io: 'input' }) as JsonSchema;
  const fields = Object.entries(json.properties ?? {});

  it('is named as in its map, with a line of help', () => {
    expect(entry.name).toBe(name);
    expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
    expect(entry.help).toMatch(/^\S.{2,90}$/);
  });

  it('refuses unknown fields', () => {
    expect(json.additionalProperties).toBe(false);
    const result = entry.schema.safeParse({ nonsense: 1 });
    expect(result.error?.issues.some((issue) => issue.code === 'unrecognized_keys')).toBe(true);
  });

  it('describes each field and gives it a default, or requires it', () => {
    for (const [field, schema] of fields) {
      expect(schema.description, field).toMatch(/\S/);
      expect('default' in schema, field).toBe(!json.required?.includes(field));
    }
  });

  it('has defaults that it accepts itself', () => {
    for (const [field, schema] of fields)
      if ('default' in schema)
        expect((entry.schema as z.ZodObject).shape[field]!.safeParse(schema.default).success, field).toBe(
          true,
        );
  });
});

describe("Keras' defaults", () => {
  // From the signatures of Keras 3's classes.
  const defaults = (entries: ReadonlyMap<string, Entry<unknown>>, name: string, required: object = {}) =>
    entries.get(name)!.schema.parse(required);

  it('of optimizers', () => {
    expect(defaults(optimizers, 'sgd')).toEqual({ learning_rate: 0.01, momentum: 0, nesterov: false });
    expect(defaults(optimizers, 'rmsprop')).toEqual({
      learning_rate: 0.001,
      rho: 0.9,
      momentum: 0,
      epsilon: 1e-7,
      centered: false,
    });
    expect(defaults(optimizers, 'adagrad')).toEqual({
      learning_rate: 0.001,
      initial_accumulator_value: 0.1,
      epsilon: 1e-7,
    });
    const adam = { learning_rate: 0.001, beta_1: 0.9, beta_2: 0.999, epsilon: 1e-7 };
    expect(defaults(optimizers, 'adam')).toEqual(adam);
    expect(defaults(optimizers, 'adamw')).toEqual({ ...adam, weight_decay: 0.004 });
  });

  it('of layers', () => {
    const kernel = {
      activation: 'linear',
      use_bias: true,
      kernel_initializer: 'glorot_uniform',
      bias_initializer: 'zeros',
      kernel_regularizer: null,
      bias_regularizer: null,
    };
    expect(defaults(layers, 'dense', { units: 1 })).toEqual({ units: 1, ...kernel });
    expect(defaults(layers, 'conv2d', { filters: 1, kernel_size: 3 })).toEqual({
      filters: 1,
      kernel_size: 3,
      strides: 1,
      padding: 'valid',
      dilation_rate: 1,
      ...kernel,
    });
    const pooling = { pool_size: 2, strides: null, padding: 'valid' };
    expect(defaults(layers, 'max_pooling2d')).toEqual(pooling);
    expect(defaults(layers, 'average_pooling2d')).toEqual(pooling);
    expect(defaults(layers, 'batch_normalization')).toEqual({
      momentum: 0.99,
      epsilon: 0.001,
      center: true,
      scale: true,
    });
  });

  it('of schedules and initializers', () => {
    expect(defaults(schedules, 'reduce_on_plateau')).toEqual({
      monitor: 'val_loss',
      factor: 0.1,
      patience: 10,
      min_delta: 1e-4,
      cooldown: 0,
      min_learning_rate: 0,
    });
    expect(defaults(schedules, 'cosine_decay')).toEqual({ decay_steps: null, alpha: 0 });
    expect(defaults(initializers, 'random_uniform')).toEqual({ minval: -0.05, maxval: 0.05 });
    expect(defaults(initializers, 'truncated_normal')).toEqual({ mean: 0, stddev: 0.05 });
  });
});
