import type { Problems } from '../tree/problems.ts';
import type { Tree } from '../tree/tree.ts';
import { knownName } from '../tree/typed.ts';
import { wrongValue } from '../tree/wrong-value.ts';
import type { Catalogues } from './catalogues.ts';
import { schemaOfNames } from './json-schema.ts';
import { oneLine } from './layout.ts';
import type { Context, Section } from './section.ts';

interface Named {
  readonly name: string;
  readonly help: string;
}

/**
 * A list of different names of a catalogue, in the user's order.
 * @param noun what one of them is called, for messages; the key is its plural
 * @param absent the names where none are written
 */
export function names(
  noun: string,
  catalogue: (catalogues: Catalogues) => ReadonlyMap<string, Named>,
  absent: (context: Context) => readonly string[],
  help?: string,
): Section<readonly string[]> {
  return {
    read(written, { owner }, context) {
      if (!written) return absent(context);
      const known = [...catalogue(context.catalogues).keys()];
      return knownNames(written, noun, owner, known, context.problems);
    },
    jsonSchema: (catalogues) => ({
      ...(help && { description: help }),
      type: 'array',
      uniqueItems: true,
      items: schemaOfNames(catalogue(catalogues).values()),
    }),
    resolved: oneLine,
  };
}

function knownNames(
  tree: Tree,
  noun: string,
  owner: string,
  known: readonly string[],
  problems: Problems,
): string[] | undefined {
  const found = texts(tree, `\`${noun}s\` of ${owner}`, `a list of ${noun}s`, problems);
  if (!found) return undefined;
  const good: string[] = [];
  for (const { text, tree: at } of found) {
    const name = knownName(noun, text, at.position, known, problems);
    if (name === undefined) continue;
    if (!good.includes(name)) good.push(name);
    else if (name === text)
      problems.add('duplicate-name', `\`${text}\` stands here twice`, at.position, { help: 'remove one' });
  }
  return good;
}

/** The items of a list of texts; those that aren't texts are reported and left out. */
export function texts(
  tree: Tree,
  what: string,
  expected: string,
  problems: Problems,
): { text: string; tree: Tree }[] | undefined {
  if (tree.kind !== 'list') {
    const help = tree.kind === 'scalar' && tree.value !== null ? 'put it in brackets: `[…]`' : undefined;
    wrongValue(what, expected, tree, problems, undefined, help);
    return undefined;
  }
  return tree.items.flatMap((item) => {
    if (item.kind === 'scalar' && typeof item.value === 'string') return [{ text: item.value, tree: item }];
    wrongValue(what, expected, item, problems);
    return [];
  });
}
