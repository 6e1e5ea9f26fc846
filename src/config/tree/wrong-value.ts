import { choices, type JsonSchema } from './describe.ts';
import type { Problems } from './problems.ts';
import { suggest } from './suggest.ts';
import type { Tree } from './tree.ts';
import { found } from './words.ts';

/** Reports "expected …, found …", with what people usually mean when they write that. */
export function wrongValue(
  what: string,
  expected: string,
  tree: Tree,
  problems: Problems,
  schema: JsonSchema = {},
  help?: string,
): void {
  problems.add('wrong-value', `${what}: expected ${expected}, found ${found(tree)}`, tree.position, {
    help: help ?? confusion(tree, expected, choices(schema)),
  });
}

const YES = new Set(['yes', 'on', 'y']);
const NO = new Set(['no', 'off', 'n']);

/** What people often mean when they write this. */
function confusion(tree: Tree, expected: string, known: readonly string[]): string | undefined {
  if (tree.kind === 'list' && /\bmap\b/.test(expected))
    return 'remove the `-` or the brackets: fields are written `key: value`';
  if (tree.kind !== 'scalar' || typeof tree.value !== 'string') return undefined;
  const text = tree.value.trim();
  const meant = meantChoice(tree, known);
  if (meant) return `write \`${meant}\``;
  const lower = text.toLowerCase();
  if (expected.includes('true or false')) {
    if (YES.has(lower) || lower === 'true') return 'write `true`, without quotes';
    if (NO.has(lower) || lower === 'false') return 'write `false`, without quotes';
  }
  if (!expected.includes('number')) return undefined;
  const plain = text.replace(/(?<=\d)_(?=\d)/g, '');
  if (/^[\d.]+%$/.test(plain)) return `write \`${Number(plain.slice(0, -1)) / 100}\``;
  if (plain === '' || !Number.isFinite(Number(plain))) return undefined;
  return plain === text ? `remove the quotes: \`${text}\`` : `write \`${plain}\``;
}

/** The choice that a text was probably meant to be. */
export function meantChoice(tree: Tree, known: readonly string[]): string | undefined {
  if (tree.kind !== 'scalar' || typeof tree.value !== 'string') return undefined;
  const meant = suggest(tree.value.trim(), known);
  return meant === tree.value ? undefined : meant;
}
