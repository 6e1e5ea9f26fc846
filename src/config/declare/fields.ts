import type * as z from 'zod';
import { checkFields } from '../tree/check-fields.ts';
import type { JsonSchema } from '../tree/describe.ts';
import type { Tree } from '../tree/tree.ts';
import { schemaOfFields } from './json-schema.ts';
import { linePerField, oneLine } from './layout.ts';
import type { Context, DeepReadonly, Section } from './section.ts';
import { sectionMap } from './section-map.ts';

interface Options {
  /** What a bare name stands for. */
  readonly expand?: (name: Tree) => [string, Tree][];
  /** The JSON Schema, where more than the map may be written. */
  readonly jsonSchema?: (map: JsonSchema) => JsonSchema;
  readonly help?: string;
  /** A line for each field in the resolved text, not one for all. */
  readonly lines?: true;
}

/**
 * A map of fields that zod describes; valid as a whole or not at all.
 * @param schema of a config, whose sections above may decide a default; without one, as it usually is
 */
export function fields<Z extends z.ZodType>(
  schema: (context?: Context) => Z,
  options: Options = {},
): Section<DeepReadonly<z.infer<Z>>> {
  const { expand } = options;
  return {
    read(written, place, context) {
      const map = sectionMap(written, place, context.problems, expand);
      return (map && checkFields(map, schema(context), place.key, context.problems)) as
        | DeepReadonly<z.infer<Z>>
        | undefined;
    },
    jsonSchema() {
      const map = { ...(options.help && { description: options.help }), ...schemaOfFields(schema()) };
      return options.jsonSchema ? options.jsonSchema(map) : map;
    },
    resolved: options.lines ? (value) => linePerField(value as object) : oneLine,
    ...(expand && { expand }),
  };
}
