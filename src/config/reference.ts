import { LANGUAGE } from './language.ts';
import { describe, type JsonSchema } from './tree/describe.ts';

/** A field of the YAML, as a page of reference needs it. */
export interface FieldReference {
  /** Keys from the top: `training.batch_size`, `architecture[].dense.units`. */
  readonly path: string;
  /** The type that has the field, where a section has several: `adam`. */
  readonly of?: string;
  /** What may be written, with its range: "a whole number of at least 1". */
  readonly expected: string;
  readonly required: boolean;
  readonly default?: unknown;
  readonly help?: string;
}

/**
 * Every field of every section and entry, in the order of a config; made of the declarations that
 * validate it.
 */
export const reference = ({ root, catalogues } = LANGUAGE): readonly FieldReference[] =>
  below(root.jsonSchema(catalogues), '');

function below(schema: JsonSchema, path: string, of?: string): FieldReference[] {
  const { properties = {}, required = [], anyOf = [], items } = schema;
  const type = properties['type']?.const;
  const owner = typeof type === 'string' ? type : of;
  const own = Object.entries(properties)
    .filter(([key]) => key !== 'type' || type === undefined)
    .flatMap(([key, field]) => {
      const at = path === '' ? key : `${path}.${key}`;
      return [fieldReference(field, at, owner, required.includes(key)), ...below(field, at)];
    });
  const members = anyOf.flatMap((member) => below(member, path, of));
  const each = items && !Array.isArray(items) ? below(items as JsonSchema, `${path}[]`) : [];
  return [...own, ...members, ...each];
}

function fieldReference(
  field: JsonSchema,
  path: string,
  of: string | undefined,
  required: boolean,
): FieldReference {
  const help = field.description ?? field.anyOf?.find(({ description }) => description)?.description;
  return {
    path,
    ...(of !== undefined && { of }),
    expected: describe(field),
    required,
    ...(field.default !== undefined && { default: field.default }),
    ...(help !== undefined && { help }),
  };
}
