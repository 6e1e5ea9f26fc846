import { knownKeys } from '../tree/check-fields.ts';
import type { JsonSchema } from '../tree/describe.ts';
import { keyPosition } from '../tree/tree.ts';
import type { Catalogues } from './catalogues.ts';
import type { AnySection, Context, Place, ReadOf, Section, ValueOf } from './section.ts';
import { sectionMap } from './section-map.ts';

type Members = Readonly<Record<string, AnySection>>;
type GroupValue<M extends Members> = { readonly [K in keyof M]: ValueOf<M[K]> };
/** What is valid of it. */
type GroupRead<M extends Members> = { readonly [K in keyof M]?: ReadOf<M[K]> };

interface Options {
  /** Whose fields these are, for messages; the key where it isn't said. */
  readonly owner?: string;
  /** The same where a key is unknown. */
  readonly unknownOwner?: string;
  readonly required?: Section<never>['required'];
}

/** A map of sections, read in this order: a member may ask for the value of one above it. */
export function group<M extends Members>(
  members: M,
  options: Options = {},
): Section<GroupValue<M>, GroupRead<M>> {
  const there = (catalogues: Catalogues) =>
    Object.entries(members).filter(([, member]) => member.available?.(catalogues) ?? true);
  return {
    read(written, place, context) {
      const found = written || !options.required ? sectionMap(written, place, context.problems) : undefined;
      if (!found) return {};
      const owner = options.owner ?? place.key;
      const present = there(context.catalogues);
      const names = present.map(([key]) => key);
      const map = knownKeys(found, names, options.unknownOwner ?? owner, context.problems);
      const values: Record<string, unknown> = {};
      for (const [key, member] of present) {
        const path = place.path === '' ? key : `${place.path}.${key}`;
        const value = readMember(member, { parent: map, key, path, owner }, context, place.path === '');
        context.values.set(member, value);
        values[key] = value;
      }
      return values as GroupRead<M>;
    },
    jsonSchema(catalogues) {
      const present = there(catalogues);
      const required = present.filter(([, member]) => member.required).map(([key]) => key);
      return {
        type: 'object',
        properties: Object.fromEntries(
          present.map(([key, member]): [string, JsonSchema] => [key, member.jsonSchema(catalogues)]),
        ),
        ...(required.length > 0 && { required }),
        additionalProperties: false,
      };
    },
    resolved: (value) =>
      Object.fromEntries(
        Object.entries(members)
          .filter(([key]) => value[key] !== undefined)
          .map(([key, member]) => [key, member.resolved(value[key])]),
      ),
    child: (step) => members[step],
    ...(options.required && { required: options.required }),
  };
}

function readMember(member: AnySection, place: Place, context: Context, top: boolean): unknown {
  const written = place.parent.entries.get(place.key);
  if (!written && member.required) {
    const where = top ? '' : ` in ${place.owner}`;
    const help = member.required.help(context.catalogues);
    const message = `\`${place.key}\` is missing${where}`;
    context.problems.add('missing-key', message, keyPosition(place.parent), { help });
  }
  return member.read(written, place, context);
}
