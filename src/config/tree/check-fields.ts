import type * as z from 'zod';
import { fieldsAt, inputSchema, schemaAt } from './describe.ts';
import { dotted, leaves, reportIssue } from './field-issue.ts';
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
import { listed, shown } from './words.ts';

/**
 * A map against a strict schema. Every problem is reported in our words at its place. What is misspelt is
 * read as it was probably meant, so that what is wrong inside it is reported as well and cross-field checks
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
    const meant = issues.map((issue) => reportIssue(issue, { tree, json, owner, problems }));
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
