import type * as z from 'zod';
import type { Entry } from '../catalog/entry.ts';
import { positiveField } from '../catalog/thresholds/threshold.ts';
import { columnsField } from '../catalog/transforms/fields.ts';
import { transformFallbacks } from '../catalog/transforms/index.ts';
import { CATALOGUES, type Catalogues } from './catalogues.ts';
import { inputSchema, type JsonSchema } from './describe.ts';
import { layerShared } from './sections/architecture.ts';
import { auditSchema, columnsSchema, dataSeedSchema, splitSchema, targetSchema } from './sections/data.ts';
import { engineSchema, GPUJS_MODES } from './sections/engine.ts';
import { experimentSchema } from './sections/experiment.ts';
import { clippingSchema, warmupSchema } from './sections/objective.ts';
import { expectSchema, trainingSchema } from './sections/training.ts';
import type { Entries } from './typed.ts';

/** JSON Schema (draft 7) of a config, for editors; made of the same zod schemas that validate it. */
export function jsonSchema(catalogues: Catalogues = CATALOGUES): object {
  const { properties } = fields(experimentSchema());
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'mlx experiment',
    type: 'object',
    properties: {
      ...properties,
      engine: {
        description: 'What computes.',
        anyOf: [
          fields(engineSchema()).properties!['type'],
          { enum: GPUJS_MODES.map((mode) => `gpujs:${mode}`), description: 'gpu.js in one mode.' },
          fields(engineSchema()),
        ],
      },
      data: data(catalogues),
      architecture: {
        description: 'Layers in order; each is one key with its fields.',
        type: 'array',
        minItems: 1,
        items: oneKey(catalogues.layers, (entry) => withFields(fields(entry.schema), layerShared())),
      },
      loss: typed(catalogues.losses, {
        description: 'What training makes small; by default by task.',
        fallback: '',
      }),
      optimizer: typed(catalogues.optimizers, { fallback: 'adam', shared: clippingSchema() }),
      schedule: typed(catalogues.schedules, { fallback: 'constant', shared: warmupSchema() }),
      training: fields(trainingSchema()),
      evaluation: {
        type: 'object',
        properties: {
          metrics: { type: 'array', uniqueItems: true, items: anyName(catalogues.metrics.values()) },
          baselines: {
            description:
              'Simple models to compare with; auto: all that the task allows, each with as many rows as fit an eighth of the run’s time.',
            anyOf: [
              { enum: ['auto', 'none'] },
              { type: 'array', uniqueItems: true, items: anyName(catalogues.baselines.values()) },
            ],
          },
          calibration: orNothing(
            typed(catalogues.calibrations, {
              description: 'What makes probabilities say how often they are right; fitted on validation.',
            }),
          ),
          threshold: orNothing(
            typed(catalogues.thresholds, {
              description: 'From which score on an example counts as positive; chosen on validation.',
              shared: positiveField(),
            }),
          ),
        },
        additionalProperties: false,
      },
      expect: fields(expectSchema()),
    },
    required: ['data', 'architecture'],
    additionalProperties: false,
  };
}

function data(catalogues: Catalogues): JsonSchema {
  const kinds = [...catalogues.transforms].map(([kind, entries]): [string, JsonSchema] => [
    kind,
    typed(entries, { fallback: transformFallbacks.get(kind), shared: columnsField() }),
  ]);
  return {
    type: 'object',
    properties: {
      source: typed(catalogues.sources, { description: 'Where examples come from.' }),
      ...fields(targetSchema()).properties,
      ...fields(columnsSchema()).properties,
      ...fields(dataSeedSchema()).properties,
      rows: {
        description: 'Steps over rows before the split, in order.',
        type: 'array',
        items: oneKey(catalogues.rows, (entry) => fields(entry.schema)),
      },
      split: fields(splitSchema()),
      audit: fields(auditSchema()),
      features: {
        description: 'Transforms in order, fitted on the training part only.',
        type: 'array',
        items: {
          type: 'object',
          properties: Object.fromEntries(kinds),
          minProperties: 1,
          maxProperties: 1,
          additionalProperties: false,
        },
      },
      balance: orNothing(
        typed(catalogues.balances, { description: 'Classes of unlike size made up for, in training alone.' }),
      ),
    },
    required: ['source'],
    additionalProperties: false,
  };
}

const orNothing = (schema: JsonSchema): JsonSchema => ({ anyOf: [schema, { type: 'null' }] });

/** What may be written for a zod schema, as a part of a larger document. */
function fields(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...rest } = inputSchema(schema);
  return rest;
}

const withFields = (schema: JsonSchema, shared?: z.ZodType): JsonSchema =>
  shared ? { ...schema, properties: { ...schema.properties, ...fields(shared).properties } } : schema;

const anyName = (entries: Iterable<{ readonly name: string; readonly help: string }>): JsonSchema => ({
  anyOf: [...entries].map(({ name, help }) => ({ const: name, description: help })),
});

/** Entries that a bare name is enough for. */
const bare = (entries: Entries): Entry<unknown>[] =>
  [...entries.values()].filter((entry) => !fields(entry.schema).required?.length);

/**
 * `adam` or `{ type: adam, … }`.
 * @param fallback type of a map without `type`; empty where it depends on the task
 */
function typed(
  entries: Entries,
  { description, fallback, shared }: { description?: string; fallback?: string; shared?: z.ZodType },
): JsonSchema {
  const maps = [...entries.values()].map((entry): JsonSchema => {
    const own = withFields(fields(entry.schema), shared);
    const optional = entry.name === fallback || fallback === '';
    return {
      ...own,
      description: entry.help,
      properties: { type: { const: entry.name }, ...own.properties },
      required: [...(optional ? [] : ['type']), ...(own.required ?? [])],
    };
  });
  const names = bare(entries);
  return {
    ...(description && { description }),
    anyOf: [...(names.length > 0 ? [anyName(names)] : []), ...maps],
  };
}

/** `flatten`, or a map whose one key is the entry's name. */
function oneKey(entries: Entries, fieldsOf: (entry: Entry<unknown>) => JsonSchema): JsonSchema {
  const properties = [...entries.values()].map((entry): [string, JsonSchema] => {
    const own = { ...fieldsOf(entry), description: entry.help };
    return [entry.name, own.required?.length ? own : { anyOf: [own, { type: 'null' }] }];
  });
  return {
    anyOf: [
      anyName(bare(entries)),
      {
        type: 'object',
        properties: Object.fromEntries(properties),
        minProperties: 1,
        maxProperties: 1,
        additionalProperties: false,
      },
    ],
  };
}
