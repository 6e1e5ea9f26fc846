import type * as z from 'zod';
import type { Typed } from '../../catalog/entry.ts';
import { mapAt, type Tree } from '../tree/tree.ts';
import { checkTyped, type Entries, type Fields } from '../tree/typed.ts';
import type { Catalogues } from './catalogues.ts';
import { orNull, schemaOfTyped } from './json-schema.ts';
import { oneLine } from './layout.ts';
import type { Context, Section } from './section.ts';

interface Options<X> {
  readonly description?: string;
  /** Type where none is written; a function where other sections decide it. */
  readonly fallback?: string | ((context: Context) => string);
  /** Fields that every entry has as well. */
  readonly shared?: () => z.ZodObject & z.ZodType<X>;
  readonly required?: Section<never>['required'];
}

/** What a bare name of an entry stands for. */
export const asType = (name: Tree): [string, Tree][] => [['type', { ...name, key: name.position }]];

/** One entry of a catalogue: `adam` or `{ type: adam, … }`. */
export function entry<X = unknown>(
  catalogue: (catalogues: Catalogues) => Entries,
  options: Options<X> = {},
): Section<Typed<Fields> & Readonly<X>> {
  const { description, fallback, shared, required } = options;
  return {
    read(written, { parent, key }, context) {
      if (!written && fallback === undefined) return undefined;
      const kind = {
        noun: key,
        entries: catalogue(context.catalogues),
        fallback: typeof fallback === 'function' ? fallback(context) : fallback,
        shared: shared?.(),
      };
      return checkTyped(written ?? mapAt(parent), kind, context.problems) as
        | (Typed<Fields> & Readonly<X>)
        | undefined;
    },
    jsonSchema: (catalogues) =>
      schemaOfTyped(catalogue(catalogues), {
        description,
        fallback: typeof fallback === 'function' ? '' : fallback,
        shared: shared?.(),
      }),
    resolved: oneLine,
    expand: asType,
    ...(required && { required }),
  };
}

/** The same entry, or none: what is absent or null. */
export const optional = <T>(section: Section<T>): Section<T | null> => ({
  ...section,
  read: (written, place, context) =>
    !written || (written.kind === 'scalar' && written.value === null)
      ? null
      : section.read(written, place, context),
  jsonSchema: (catalogues) => orNull(section.jsonSchema(catalogues)),
  resolved: (value) => (value === null ? null : section.resolved(value)),
});
