import type * as z from 'zod';
import { choices, describe, hidden, type JsonSchema, schemaAt, typesOf } from './describe.ts';
import type { Problems } from './problems.ts';
import { child, keyPosition, type Path, type Tree } from './tree.ts';
import { found } from './words.ts';
import { meantChoice, wrongValue } from './wrong-value.ts';

export type Issue = z.core.$ZodIssue;

export const dotted = (path: Path): string =>
  path.map((step, i) => (typeof step === 'number' ? `[${step}]` : i ? `.${step}` : step)).join('');

/**
 * Looks into a union where exactly one member fits so far that only its inside is wrong; where members
 * tell themselves apart by `type`, the one whose type it is.
 */
export function leaves(issue: Issue, prefix: PropertyKey[]): Issue[] {
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

/**
 * One of zod's issues in our words, at its place.
 * @returns what was probably meant instead, where that is clear
 */
export function reportIssue(
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
