import * as z from 'zod';
import { checkFields } from '../tree/check-fields.ts';
import { inputSchema } from '../tree/describe.ts';
import { only } from '../tree/tree.ts';
import { oneLine } from './layout.ts';
import type { DeepReadonly, Section } from './section.ts';

/**
 * One key with a value that zod describes.
 * @param schema made when it's first needed; with default and help
 */
export function field<Z extends z.ZodType>(schema: () => Z): Section<DeepReadonly<z.infer<Z>>> {
  return {
    read(_, { parent, key, owner }, { problems }) {
      const whole = z.strictObject({ [key]: schema() });
      return checkFields(only(parent, [key]), whole, owner, problems)?.[key] as
        | DeepReadonly<z.infer<Z>>
        | undefined;
    },
    jsonSchema() {
      const { $schema: _, ...rest } = inputSchema(schema());
      return rest;
    },
    resolved: oneLine,
  };
}
