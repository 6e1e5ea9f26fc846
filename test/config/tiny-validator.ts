/** As much of JSON Schema draft 7 as our schema uses; anything else is an error, not a pass. */
export type Schema = { readonly [keyword: string]: unknown };

const ANNOTATIONS = ['$schema', 'title', 'description', 'default'];

/** Why a value doesn't fit, or null. */
export function problem(schema: Schema, value: unknown, path = '$'): string | null {
  for (const [keyword, rule] of Object.entries(schema)) {
    if (ANNOTATIONS.includes(keyword)) continue;
    const check = KEYWORDS[keyword];
    if (!check) throw new Error(`keyword ${keyword} at ${path}`);
    const found = check(rule as never, value, path, schema);
    if (found) return found;
  }
  return null;
}

type Check = (rule: never, value: unknown, path: string, schema: Schema) => string | null;
const isMap = (v: unknown): v is Record<string, unknown> =>
  typeof v === 'object' && v !== null && !Array.isArray(v);
const say = (ok: boolean, path: string, keyword: string) => (ok ? null : `${path}: ${keyword}`);

const TYPES: Record<string, (v: unknown) => boolean> = {
  object: isMap,
  array: Array.isArray,
  string: (v) => typeof v === 'string',
  number: (v) => typeof v === 'number',
  integer: Number.isInteger,
  boolean: (v) => typeof v === 'boolean',
  null: (v) => v === null,
};
const number =
  (keyword: string, ok: (value: number, rule: number) => boolean): Check =>
  (rule, value, path) =>
    say(typeof value !== 'number' || ok(value, rule), path, keyword);
const size =
  (keyword: string, length: (v: unknown) => number | undefined, most: boolean): Check =>
  (rule, value, path) => {
    const n = length(value);
    return say(n === undefined || (most ? n <= rule : n >= rule), path, keyword);
  };
const items = (v: unknown) => (Array.isArray(v) ? v.length : undefined);
const keys = (v: unknown) => (isMap(v) ? Object.keys(v).length : undefined);
const chars = (v: unknown) => (typeof v === 'string' ? v.length : undefined);

const KEYWORDS: Record<string, Check> = {
  type: (rule: string | string[], value, path) =>
    say(
      [rule].flat().some((type) => TYPES[type]!(value)),
      path,
      `type ${rule}`,
    ),
  const: (rule, value, path) => say(value === rule, path, `const ${rule}`),
  enum: (rule: unknown[], value, path) => say(rule.includes(value), path, 'enum'),
  pattern: (rule: string, value, path) =>
    say(typeof value !== 'string' || new RegExp(rule).test(value), path, 'pattern'),
  minimum: number('minimum', (v, r) => v >= r),
  maximum: number('maximum', (v, r) => v <= r),
  exclusiveMinimum: number('exclusiveMinimum', (v, r) => v > r),
  exclusiveMaximum: number('exclusiveMaximum', (v, r) => v < r),
  minItems: size('minItems', items, false),
  maxItems: size('maxItems', items, true),
  minLength: size('minLength', chars, false),
  maxLength: size('maxLength', chars, true),
  minProperties: size('minProperties', keys, false),
  maxProperties: size('maxProperties', keys, true),
  uniqueItems: (_, value, path) =>
    say(!Array.isArray(value) || new Set(value).size === value.length, path, 'unique'),
  required: (rule: string[], value, path) =>
    say(!isMap(value) || rule.every((key) => key in value), path, `required ${rule}`),
  properties: (rule: Record<string, Schema>, value, path) => {
    if (!isMap(value)) return null;
    for (const [key, schema] of Object.entries(rule)) {
      const found = key in value ? problem(schema, value[key], `${path}.${key}`) : null;
      if (found) return found;
    }
    return null;
  },
  additionalProperties: (rule: boolean | Schema, value, path, { properties = {} }) => {
    if (!isMap(value) || rule === true) return null;
    for (const key of Object.keys(value)) {
      if (key in (properties as object)) continue;
      const found = rule === false ? `${path}: unknown ${key}` : problem(rule, value[key], `${path}.${key}`);
      if (found) return found;
    }
    return null;
  },
  propertyNames: (rule: Schema, value, path) =>
    isMap(value)
      ? (Object.keys(value)
          .map((key) => problem(rule, key, path))
          .find(Boolean) ?? null)
      : null,
  items: (rule: Schema | Schema[], value, path) => {
    if (!Array.isArray(value)) return null;
    const each = (item: unknown, i: number) => {
      const schema = Array.isArray(rule) ? rule[i] : rule;
      return schema ? problem(schema, item, `${path}[${i}]`) : null;
    };
    return value.map(each).find(Boolean) ?? null;
  },
  not: (rule: Schema, value, path) => say(problem(rule, value, path) !== null, path, 'not'),
  oneOf: (rule: Schema[], value, path) =>
    say(rule.filter((schema) => problem(schema, value, path) === null).length === 1, path, 'oneOf'),
  anyOf: (rule: Schema[], value, path) => {
    const found = rule.map((schema) => problem(schema, value, path));
    return found.includes(null) ? null : `${path}: none of ${found.join('; ')}`;
  },
};
