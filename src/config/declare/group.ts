import { knownKeys } from '../tree/check-fields.ts';
import type { JsonSchema } from '../tree/describe.ts';
import { keyPosition, type MapTree } from '../tree/tree.ts';
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
  readonly either?: Either;
  readonly help?: string;
}

/** A member that stands in place of others: where it is written they are null, else it is. */
export interface Either {
  readonly one: string;
  readonly others: readonly string[];
}

/** A map of sections, read in this order: a member may ask for the value of one above it. */
export function group<M extends Members>(
  members: M,
  options: Options = {},
): Section<GroupValue<M>, GroupRead<M>> {
  const there = (catalogues: Catalogues) =>
    Object.entries(members).filter(([, member]) => isThere(member, catalogues));
  return {
    read(written, place, context) {
      const found = written || !options.required ? sectionMap(written, place, context.problems) : undefined;
      if (!found) return {};
      const owner = options.owner ?? place.key;
      const present = there(context.catalogues);
      const map = knownKeys(found, names(present), options.unknownOwner ?? owner, context.problems);
      const left = leftOut(map, options.either, context);
      const values: Record<string, unknown> = {};
      for (const [key, member] of Object.entries(members)) {
        if (left.includes(key) || !isThere(member, context.catalogues)) {
          values[key] = null;
          continue;
        }
        const path = place.path === '' ? key : `${place.path}.${key}`;
        const value = readMember(member, { parent: map, key, path, owner }, context, place.path === '');
        context.values.set(member, value);
        values[key] = value;
      }
      return values as GroupRead<M>;
    },
    jsonSchema(catalogues) {
      const present = there(catalogues);
      const either =
        options.either && names(present).includes(options.either.one) ? options.either : undefined;
      const required = present.filter(([, member]) => member.required).map(([key]) => key);
      return {
        ...(options.help && { description: options.help }),
        type: 'object',
        properties: Object.fromEntries(
          present.map(([key, member]): [string, JsonSchema] => [key, member.jsonSchema(catalogues)]),
        ),
        ...requiredSchema(required, either),
        additionalProperties: false,
      };
    },
    resolved: (value) =>
      Object.fromEntries(
        Object.entries(members)
          .filter(([key]) => !(value[key] === null && inEither(key, options.either)))
          .map(([key, member]) => [key, member.resolved(value[key])]),
      ),
    child: (step) => members[step],
    ...(options.required && { required: options.required }),
  };
}

const isThere = (member: AnySection, catalogues: Catalogues): boolean =>
  member.available?.(catalogues) ?? true;

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

const names = (members: readonly [string, AnySection][]): string[] => members.map(([key]) => key);

const inEither = (key: string, either: Either | undefined): boolean =>
  either !== undefined && [either.one, ...either.others].includes(key);

/** The members that have no meaning beside what is written; a written one is reported. */
function leftOut(map: MapTree, either: Either | undefined, { problems }: Context): readonly string[] {
  const one = either && map.entries.get(either.one);
  if (!either || !one || (one.kind === 'scalar' && one.value === null)) return either ? [either.one] : [];
  for (const key of either.others) {
    const other = map.entries.get(key);
    if (!other) continue;
    const message = `\`${key}\` has no meaning beside \`${either.one}\``;
    const at = keyPosition(other);
    const { file, line } = keyPosition(one);
    const where = `line ${line}${file === at.file ? '' : ` of ${file}`}`;
    problems.add('either', message, at, {
      help: `remove one of them; \`${either.one}\` is in ${where}`,
    });
  }
  return either.others;
}

/** The members that must be there, of an either one or the others. */
function requiredSchema(required: readonly string[], either: Either | undefined): JsonSchema {
  if (!either) return required.length > 0 ? { required } : {};
  const always = required.filter((key) => !either.others.includes(key));
  const others = required.filter((key) => either.others.includes(key));
  const none = { anyOf: either.others.map((key) => ({ required: [key] })) };
  return {
    ...(always.length > 0 && { required: always }),
    oneOf: [
      { required: [either.one], not: none },
      { required: others, not: { required: [either.one] } },
    ],
  };
}
