import type * as z from 'zod';
import type { Entry, Typed } from '../../catalog/entry.ts';
import { checkFields, knownKeys } from './check-fields.ts';
import { inputSchema } from './describe.ts';
import type { Problems } from './problems.ts';
import { suggest } from './suggest.ts';
import { type MapTree, mapAt, only, type Tree, without } from './tree.ts';
import { listed, shown, withArticle } from './words.ts';
import { wrongValue } from './wrong-value.ts';

// biome-ignore lint/suspicious/noExplicitAny: entries of one kind differ in their field types
export type Entries = ReadonlyMap<string, Entry<any>>;
export type Fields = Record<string, unknown>;

export interface Kind {
  /** For messages: `optimizer`. */
  readonly noun: string;
  readonly entries: Entries;
  /** Type of an absent section, or of a map without `type`. */
  readonly fallback?: string;
  /** Fields that every entry of the kind has as well: the optimizers' clipping. */
  readonly shared?: z.ZodObject;
}

/** `adam`, `{ type: adam, learning_rate: 0.01 }`, or nothing where there is a default. */
export function checkTyped(tree: Tree, kind: Kind, problems: Problems): Typed<Fields> | undefined {
  const { noun } = kind;
  if (tree.kind === 'scalar' && typeof tree.value === 'string')
    return checkEntry(tree.value, tree, mapAt(tree), kind, problems);
  if (tree.kind !== 'map') {
    const expected = `${withArticle(noun)}, a name or a map with \`type\``;
    wrongValue(`\`${noun}\``, expected, tree, problems);
    return undefined;
  }
  const map = withType(tree, kind, problems);
  const type = map.entries.get('type');
  if (!type && kind.fallback === undefined) {
    problems.add('missing-key', `\`type\` is missing in ${noun}`, tree.key ?? tree.position, {
      help: `add \`type\`: ${listed([...kind.entries.keys()], 'or')}`,
    });
    return undefined;
  }
  if (type && (type.kind !== 'scalar' || typeof type.value !== 'string')) {
    wrongValue(`\`type\` of ${noun}`, `the name of ${withArticle(noun)}`, type, problems);
    return undefined;
  }
  const name = type ? (type.value as string) : kind.fallback!;
  return checkEntry(name, type ?? tree, without(map, ['type']), kind, problems);
}

/** A map whose `type` is misspelt, as it was meant: which fields it has depends on it. */
function withType(map: MapTree, kind: Kind, problems: Problems): MapTree {
  if (map.entries.has('type')) return map;
  const fallback = kind.entries.get(kind.fallback ?? '');
  const known = ['type', ...(fallback ? fieldsOf(fallback) : []), ...sharedOf(kind)];
  const typo = [...map.entries.keys()].find((key) => suggest(key, known) === 'type');
  if (typo === undefined) return map;
  const read = knownKeys(only(map, [typo]), ['type'], kind.noun, problems);
  return mapAt(map, [...without(map, [typo]).entries, ...read.entries]);
}

const sharedOf = (kind: Kind): string[] => Object.keys(kind.shared?.shape ?? {});
const fieldsOf = (entry: Entry<unknown>): string[] => Object.keys((entry.schema as z.ZodObject).shape);

/**
 * The fields of the entry called `name`, or of the one that was probably meant.
 * @param at where the name stands
 */
export function checkEntry(
  name: string,
  at: Tree,
  fields: MapTree,
  kind: Kind,
  problems: Problems,
): Typed<Fields> | undefined {
  const meant = knownName(kind.noun, name, at.position, [...kind.entries.keys()], problems);
  const entry = kind.entries.get(meant ?? '');
  if (!entry) return undefined;
  const shared = sharedOf(kind);
  const map = knownKeys(fields, [...fieldsOf(entry), ...shared], entry.name, problems);
  const own = checkFields(without(map, shared), entry.schema as z.ZodType<Fields>, entry.name, problems);
  const common = kind.shared ? checkFields(only(map, shared), kind.shared, entry.name, problems) : {};
  return own && common && { type: entry.name, ...own, ...common };
}

/** A name that is known; another one is reported, and the one that was probably meant goes on. */
export function knownName(
  noun: string,
  name: string,
  position: Tree['position'],
  known: readonly string[],
  problems: Problems,
): string | undefined {
  if (known.includes(name)) return name;
  const meant = suggest(name, known);
  const help = meant ? `rename it to \`${meant}\`` : `choose ${listed(known, 'or')}`;
  problems.add('unknown-name', `there is no ${noun} \`${shown(name)}\``, position, { help });
  return meant;
}

/** Fields that must be given, for "write `dense: { units: … }`". */
export function requiredFields(schema: z.ZodType): readonly string[] {
  return inputSchema(schema).required ?? [];
}
