import type * as z from 'zod';
import {
  choices,
  describe,
  fieldsAt,
  hidden,
  inputSchema,
  type JsonSchema,
  schemaAt,
  typesOf,
} from './describe.ts';
import type { Problems } from './problems.ts';
import { suggest } from './suggest.ts';
import {
  child,
  keyPosition,
  type ListTree,
  type MapTree,
  mapAt,
  type Path,
  type Tree,
  toPlain,
} from './tree.ts';
import { found, listed, shown } from './words.ts';

/**
 * A map against a strict schema. Every problem is told in our words at its place. What is misspelt is
 * read as it was probably meant, so that what is wrong inside it is told as well and cross-field checks
 * can go on.
 * @param owner whose fields these are, for messages: `adam`, `training`
 * @returns the value with all defaults; undefined when a field is missing or wrong
 */
export function checkFields<T>(
  map: MapTree,
  schema: z.ZodType<T>,
  owner: string,
  problems: Problems,
): T | undefined {
  let tree: Tree = map;
  // Each round corrects at least one name or ends.
  for (;;) {
    const result = schema.safeParse(toPlain(tree));
    if (result.success) return result.data;
    const issues = result.error.issues.flatMap((issue) => leaves(issue, []));
    const json = inputSchema(schema);
    const unknown = issues.filter((issue) => issue.code === 'unrecognized_keys');
    for (const { path, keys } of unknown)
      tree = edit(tree, path as Path, (inner) => {
        const name = path.length > 0 ? `\`${dotted(path as Path)}\` of ${owner}` : owner;
        return asMeant(inner as MapTree, keys, fieldsAt(schemaAt(json, path as Path), inner), name, problems);
      });
    // A field that seems to be missing may have been one of them.
    if (unknown.length > 0) continue;
    const meant = issues.map((issue) => report(issue, { tree, json, owner, problems }));
    if (!meant.every((correction) => correction !== undefined)) return undefined;
    for (const { path, value } of meant)
      tree = edit(tree, path, ({ position, key }) => ({ kind: 'scalar', position, key, value }));
  }
}

/** Reports the keys that aren't `known`. @returns the map as it was probably meant */
export function knownKeys(
  map: MapTree,
  known: readonly string[],
  owner: string,
  problems: Problems,
): MapTree {
  const unknown = [...map.entries.keys()].filter((key) => !known.includes(key));
  return unknown.length > 0 ? asMeant(map, unknown, known, owner, problems) : map;
}

/** Reports unknown keys; each goes on under the name that it was probably meant to have, or is left out. */
function asMeant(
  map: MapTree,
  unknown: readonly string[],
  known: readonly string[],
  owner: string,
  problems: Problems,
): MapTree {
  const taken = new Set(map.entries.keys());
  const wrong = new Set(unknown);
  const entries = [...map.entries].flatMap(([key, value]): [string, Tree][] => {
    if (!wrong.has(key)) return [[key, value]];
    const name = suggest(key, known);
    const help =
      name === undefined
        ? known.length > 0
          ? `${owner} has ${listed(known)}`
          : `remove it: ${owner} has no fields`
        : taken.has(name)
          ? `remove it: \`${name}\` is given as well`
          : `rename it to \`${name}\``;
    problems.add('unknown-key', `\`${shown(key)}\` is not a field of ${owner}`, keyPosition(value), { help });
    if (name === undefined || taken.has(name)) return [];
    taken.add(name);
    return [[name, value]];
  });
  return mapAt(map, entries);
}

/** The tree with another one at `path`. */
function edit(tree: Tree, path: Path, change: (inner: Tree) => Tree): Tree {
  const [step, ...rest] = path;
  const inner = step === undefined ? undefined : child(tree, step);
  if (!inner) return change(tree);
  if (tree.kind === 'map')
    return { ...tree, entries: new Map(tree.entries).set(String(step), edit(inner, rest, change)) };
  const items = [...(tree as ListTree).items];
  items[step as number] = edit(inner, rest, change);
  return { ...(tree as ListTree), items };
}

const dotted = (path: Path): string =>
  path.map((step, i) => (typeof step === 'number' ? `[${step}]` : i ? `.${step}` : step)).join('');

type Issue = z.core.$ZodIssue;

/**
 * Looks into a union where exactly one member fits so far that only its inside is wrong; where members
 * tell themselves apart by `type`, the one whose type it is.
 */
function leaves(issue: Issue, prefix: PropertyKey[]): Issue[] {
  const path = [...prefix, ...issue.path];
  if (issue.code === 'invalid_union') {
    const inside = issue.errors.filter(
      (branch) =>
        branch.length > 0 && branch.every((e) => e.path.length > 0 || e.code === 'unrecognized_keys'),
    );
    const typed = inside.filter((branch) => branch.every((e) => e.path[0] !== 'type'));
    const [only, ...more] = inside.length > 1 ? typed : inside;
    if (only && more.length === 0) return only.flatMap((e) => leaves(e as Issue, path));
  }
  return [{ ...issue, path } as Issue];
}

interface Reporting {
  readonly tree: Tree;
  readonly json: JsonSchema;
  readonly owner: string;
  readonly problems: Problems;
}

/** @returns what was probably meant instead, where that is clear */
function report(
  issue: Issue,
  { tree: root, json, owner, problems }: Reporting,
): { path: Path; value: string } | undefined {
  const path = issue.path as Path;
  const name = dotted(path);
  const schema = schemaAt(json, path);
  const { tree, complete } = walk(root, path);
  const expected = schema ? describe(schema) : 'another value';
  if (!complete) {
    problems.add(
      'missing-key',
      `\`${name}\` is missing in ${owner}, expected ${expected}`,
      keyPosition(tree),
      {
        help: `add \`${name}\``,
      },
    );
    return undefined;
  }
  const own = issue.code === 'custom' || issue.code === 'invalid_format';
  if (own && !issue.message.startsWith('Invalid ')) {
    const where = path.length > 0 ? `\`${name}\` of ${owner}` : owner;
    const ending = issue.message.startsWith('expected') ? `, found ${found(tree)}` : '';
    problems.add('wrong-value', `${where}: ${issue.message}${ending}`, tree.position);
    return undefined;
  }
  const types = schema && tree.kind === 'map' ? typesOf(schema) : [];
  if (types.length > 0) return reportType(`\`${name}\` of ${owner}`, types, tree, path, problems);
  wrongValue(`\`${name}\` of ${owner}`, beyond(issue) ?? expected, tree, problems, schema);
  const value = schema && meantChoice(tree, choices(schema));
  return value === undefined ? undefined : { path, value };
}

/** A map that should say by `type` which of several it is, and doesn't, or says something unknown. */
function reportType(
  what: string,
  types: readonly string[],
  tree: Tree,
  path: Path,
  problems: Problems,
): { path: Path; value: string } | undefined {
  const type = child(tree, 'type');
  const oneOf = `one of ${types.join(', ')}`;
  if (!type) {
    problems.add('missing-key', `\`type\` is missing in ${what}, expected ${oneOf}`, tree.position, {
      help: `write it as \`{ type: ${types[0]}, … }\``,
    });
    return undefined;
  }
  wrongValue(`\`type\` of ${what}`, oneOf, type, problems, { enum: [...types] });
  const value = meantChoice(type, types);
  return value === undefined ? undefined : { path: [...path, 'type'], value };
}

/** Bounds of the number format aren't worth a word unless they are passed. */
function beyond(issue: Issue): string | undefined {
  if (issue.code === 'too_big' && issue.origin !== 'array' && hidden(Number(issue.maximum)))
    return `a number of at most ${Number(issue.maximum)}`;
  if (issue.code === 'too_small' && issue.origin !== 'array' && hidden(Number(issue.minimum)))
    return `a number of at least ${Number(issue.minimum)}`;
  return undefined;
}

/** The choice that a text was probably meant to be. */
function meantChoice(tree: Tree, known: readonly string[]): string | undefined {
  if (tree.kind !== 'scalar' || typeof tree.value !== 'string') return undefined;
  const meant = suggest(tree.value.trim(), known);
  return meant === tree.value ? undefined : meant;
}

/** The place of a path, or the deepest map or list that exists on the way. */
function walk(map: Tree, path: Path): { tree: Tree; complete: boolean } {
  let tree: Tree = map;
  for (const step of path) {
    const next = child(tree, step);
    if (!next) return { tree, complete: false };
    tree = next;
  }
  return { tree, complete: true };
}

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
