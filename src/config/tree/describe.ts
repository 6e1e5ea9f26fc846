import * as z from 'zod';
import { child, type Tree } from './tree.ts';

/** The part of JSON Schema (draft 7) that zod emits for fields of a config. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema | readonly JsonSchema[];
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly description?: string;
  readonly default?: unknown;
  readonly [other: string]: unknown;
}

/** What a user may write for a zod schema: its input side, so that defaults are optional. */
export function inputSchema(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { target: 'draft-7', io: 'input', unrepresentable: 'any' }) as JsonSchema;
}

const branches = (schema: JsonSchema): readonly JsonSchema[] =>
  schema.anyOf ?? schema.oneOf ?? schema.allOf ?? [schema];

/** The schema of a field inside an entry; several where a union allows several. */
export function schemaAt(schema: JsonSchema, path: readonly (string | number)[]): JsonSchema | undefined {
  if (path.length === 0) return schema;
  const [step, ...rest] = path;
  const next = branches(schema).flatMap((branch): JsonSchema[] => {
    if (branch !== schema && branches(branch)[0] !== branch) {
      const inner = schemaAt(branch, [step!]);
      return inner ? [inner] : [];
    }
    if (typeof step === 'number') {
      const items = Array.isArray(branch.items) ? branch.items[step] : branch.items;
      return items ? [items as JsonSchema] : [];
    }
    const extra = typeof branch.additionalProperties === 'object' ? branch.additionalProperties : undefined;
    const property = branch.properties?.[step!] ?? extra;
    return property ? [property] : [];
  });
  if (next.length === 0) return undefined;
  return schemaAt(next.length === 1 ? next[0]! : { anyOf: next }, rest);
}

/** Names of the fields of a map, of the member of a union whose `type` the map has where they have types. */
export function fieldsAt(schema: JsonSchema | undefined, tree: Tree): string[] {
  const maps = schema ? members(schema).filter((member) => member.properties) : [];
  const type = child(tree, 'type');
  const same = maps.filter(
    ({ properties }) => type?.kind === 'scalar' && properties!['type']?.const === type.value,
  );
  return [...new Set((same.length > 0 ? same : maps).flatMap(({ properties }) => Object.keys(properties!)))];
}

/** The members of nested unions. */
function members(schema: JsonSchema): JsonSchema[] {
  const inner = branches(schema);
  return inner[0] === schema ? [schema] : inner.flatMap(members);
}

/** What `type` may be in a field whose maps tell themselves apart by it. */
export const typesOf = (schema: JsonSchema): string[] =>
  members(schema).flatMap(({ properties }) => {
    const type = properties?.['type']?.const;
    return typeof type === 'string' ? [type] : [];
  });

/** All texts that a field allows, through unions: candidates for a did-you-mean. */
export function choices(schema: JsonSchema): string[] {
  const values = members(schema).flatMap(
    (member) => member.enum ?? (member.const === undefined ? [] : [member.const]),
  );
  return values.filter((value): value is string => typeof value === 'string');
}

/** "a number greater than 0": what is expected, in words. */
export function describe(schema: JsonSchema): string {
  const inner = branches(schema);
  if (inner[0] !== schema) return [...new Set(inner.map(describe))].join(' or ');
  if (schema.const !== undefined) return String(schema.const);
  if (schema.enum) {
    const values = schema.enum.map(String);
    return values.length === 1 ? values[0]! : `one of ${values.join(', ')}`;
  }
  if (Array.isArray(schema.type))
    return schema.type.map((type) => describe({ ...schema, type })).join(' or ');
  switch (schema.type) {
    case 'integer':
      return `a whole number${range(schema)}`;
    case 'number':
      return `a number${range(schema)}`;
    case 'boolean':
      return 'true or false';
    case 'string':
      return 'a text';
    case 'null':
      return 'null';
    case 'array':
      return describeList(schema);
    case 'object':
      return 'a map';
    default:
      return 'another value';
  }
}

/** A bound of the number format (safe integers, float32), which says nothing to a reader. */
export const hidden = (bound: number): boolean => Math.abs(bound) >= Number.MAX_SAFE_INTEGER;

const telling = (bound: number | undefined): number | undefined =>
  bound === undefined || hidden(bound) ? undefined : bound;

function range(schema: JsonSchema): string {
  const [min, max] = [telling(schema.minimum), telling(schema.maximum)];
  const { exclusiveMinimum: over, exclusiveMaximum: under } = schema;
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}`;
  const lower = over !== undefined ? `greater than ${over}` : min !== undefined ? `of at least ${min}` : '';
  const upper = under !== undefined ? `less than ${under}` : max !== undefined ? `at most ${max}` : '';
  const both = [lower, upper].filter(Boolean).join(' and ');
  return both && ` ${both}`;
}

function describeList(schema: JsonSchema): string {
  const each = Array.isArray(schema.items) ? schema.items[0] : (schema.items as JsonSchema | undefined);
  const fixed = Array.isArray(schema.items) ? schema.items.length : undefined;
  const count = fixed ?? (schema.minItems === schema.maxItems ? schema.minItems : undefined);
  const one = each ? describe(each).replace(/^an? /, '') : 'value';
  const what = one.replace(/^(text|number|whole number|value)/, '$1s');
  if (count !== undefined) return `a list of ${count} ${what}`;
  if (schema.minItems === 1) return `a list of one ${one} at least`;
  return schema.minItems ? `a list of at least ${schema.minItems} ${what}` : `a list of ${what}`;
}
