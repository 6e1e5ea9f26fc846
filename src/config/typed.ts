import type * as z from 'zod';
import type { Entry, Typed } from '../catalog/entry.ts';
import { inputSchema } from './describe.ts';
import { checkFields, wrongValue } from './fields.ts';
import type { Problems } from './problems.ts';
import { suggest } from './suggest.ts';
import { type MapTree, mapAt, only, type Tree, without } from './tree.ts';
import { listed, shown, withArticle } from './words.ts';

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
  const type = tree.entries.get('type');
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
  return checkEntry(name, type ?? tree, without(tree, ['type']), kind, problems, ['type']);
}

/**
 * The fields of the entry called `name`.
 * @param at where the name stands
 * @param others keys that the user's map has beside the entry's fields
 */
export function checkEntry(
  name: string,
  at: Tree,
  fields: MapTree,
  kind: Kind,
  problems: Problems,
  others: readonly string[] = [],
): Typed<Fields> | undefined {
  const entry = kind.entries.get(name);
  if (!entry) {
    unknownName(kind.noun, name, at.position, [...kind.entries.keys()], problems);
    return undefined;
  }
  const sharedKeys = Object.keys(kind.shared?.shape ?? {});
  // The shared names count as the entry's own in a did-you-mean, and in a list of its fields.
  const own = checkFields(
    without(fields, sharedKeys),
    entry.schema as z.ZodType<Fields>,
    { owner: name, others: [...sharedKeys, ...others] },
    problems,
  );
  const shared = kind.shared
    ? checkFields(only(fields, sharedKeys), kind.shared, { owner: name }, problems)
    : {};
  return own && shared && { type: name, ...own, ...shared };
}

export function unknownName(
  noun: string,
  name: string,
  position: Tree['position'],
  known: readonly string[],
  problems: Problems,
): void {
  const meant = suggest(name, known);
  const help = meant ? `rename it to \`${meant}\`` : `choose ${listed(known, 'or')}`;
  problems.add('unknown-name', `there is no ${noun} \`${shown(name)}\``, position, { help });
}

/** Fields that must be given, for "write `dense: { units: … }`". */
export function requiredFields(schema: z.ZodType): readonly string[] {
  return inputSchema(schema).required ?? [];
}
