import type { Tree } from './tree.ts';

/** Control characters and those that turn the direction of text. */
const UNSAFE = /\p{Cc}|\p{Bidi_Control}/gu;
const LONGEST = 40;

/** A text from a user's file for a message: cut, and without characters that steer a terminal. */
export function shown(text: string): string {
  const cut = text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
  return cut.replace(UNSAFE, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** What stands there, for "expected …, found …". */
export function found(tree: Tree): string {
  if (tree.kind === 'map') return 'a map';
  if (tree.kind === 'list') {
    const scalars = tree.items.every((item) => item.kind === 'scalar');
    return scalars && tree.items.length <= 4 ? `[${tree.items.map(found).join(', ')}]` : 'a list';
  }
  if (tree.value === null) return 'nothing';
  return typeof tree.value === 'string' ? `"${shown(tree.value)}"` : String(tree.value);
}

/** `a`, `b` and `c`. */
export function listed(names: readonly string[], last = 'and'): string {
  const ticked = names.map((name) => `\`${shown(name)}\``);
  if (ticked.length < 2) return ticked.join('');
  return `${ticked.slice(0, -1).join(', ')} ${last} ${ticked.at(-1)}`;
}

/** "a layer", "an optimizer". */
export const withArticle = (noun: string): string => `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`;
