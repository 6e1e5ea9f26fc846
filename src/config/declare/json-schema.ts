import type * as z from 'zod';
import type { Entry } from '../../catalog/entry.ts';
import { inputSchema, type JsonSchema } from '../tree/describe.ts';
import type { Entries } from '../tree/typed.ts';

export const orNull = (schema: JsonSchema): JsonSchema => ({ anyOf: [schema, { type: 'null' }] });

/** What may be written for a zod schema, as a part of a larger document. */
export function schemaOfFields(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...rest } = inputSchema(schema);
  return rest;
}

export const withFields = (schema: JsonSchema, shared?: z.ZodType): JsonSchema =>
  shared ? { ...schema, properties: { ...schema.properties, ...schemaOfFields(shared).properties } } : schema;

export const schemaOfNames = (
  entries: Iterable<{ readonly name: string; readonly help: string }>,
): JsonSchema => ({
  anyOf: [...entries].map(({ name, help }) => ({ const: name, description: help })),
});

/** Entries that a bare name is enough for. */
const bare = (entries: Entries): Entry<unknown>[] =>
  [...entries.values()].filter((entry) => !schemaOfFields(entry.schema).required?.length);

/**
 * `adam` or `{ type: adam, … }`.
 * @param options.fallback type of a map without `type`; empty where other sections decide it
 */
export function schemaOfTyped(
  entries: Entries,
  options: { description?: string; fallback?: string; shared?: z.ZodType },
): JsonSchema {
  const { description, fallback, shared } = options;
  const maps = [...entries.values()].map((entry): JsonSchema => {
    const own = withFields(schemaOfFields(entry.schema), shared);
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
    anyOf: [...(names.length > 0 ? [schemaOfNames(names)] : []), ...maps],
  };
}

/** A map with one key of several. */
export const schemaOfOneKey = (properties: Readonly<Record<string, JsonSchema>>): JsonSchema => ({
  type: 'object',
  properties,
  minProperties: 1,
  maxProperties: 1,
  additionalProperties: false,
});

/** `flatten`, or a map whose one key is the entry's name. */
export function schemaOfStep(entries: Entries, fieldsOf: (entry: Entry<unknown>) => JsonSchema): JsonSchema {
  const properties = [...entries.values()].map((entry): [string, JsonSchema] => {
    const own = { ...fieldsOf(entry), description: entry.help };
    return [entry.name, own.required?.length ? own : orNull(own)];
  });
  return { anyOf: [schemaOfNames(bare(entries)), schemaOfOneKey(Object.fromEntries(properties))] };
}
