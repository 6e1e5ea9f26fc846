import type * as z from 'zod';
import { choices, describe, inputSchema, type JsonSchema, schemaAt } from './describe.ts';
import type { Problems } from './problems.ts';
import { suggest } from './suggest.ts';
import { child, keyPosition, type MapTree, type Path, type Tree, toPlain } from './tree.ts';
import { found, listed, shown } from './words.ts';

export interface FieldsOf {
  /** Whose fields these are, for messages: `adam`, `training`. */
  readonly owner: string;
  /** Fields that the owner has beside the schema's, for a did-you-mean. */
  readonly others?: readonly string[];
}

/**
 * A map against a strict schema. Every problem is told in our words at its place. Unknown keys
 * don't keep the other fields from being used, so that cross-field checks can go on.
 * @returns the value with all defaults; undefined when a field is missing or wrong
 */
export function checkFields<T>(
  map: MapTree,
  schema: z.ZodType<T>,
  of: FieldsOf,
  problems: Problems,
): T | undefined {
  const plain = toPlain(map);
  const first = schema.safeParse(plain);
  if (first.success) return first.data;
  const issues = first.error.issues.flatMap((issue) => leaves(issue, []));
  const json = inputSchema(schema);
  for (const issue of issues) report(issue, { map, json, of, problems });
  if (!issues.every((issue) => issue.code === 'unrecognized_keys')) return undefined;
  for (const issue of issues) if (issue.code === 'unrecognized_keys') strip(plain, issue.path, issue.keys);
  const second = schema.safeParse(plain);
  if (second.success) return second.data;
  // Refinements run only now that the keys are known.
  for (const issue of second.error.issues.flatMap((issue) => leaves(issue, [])))
    report(issue, { map, json, of, problems });
  return undefined;
}

type Issue = z.core.$ZodIssue;

/** Looks into a union where exactly one member fits so far that only its inside is wrong. */
function leaves(issue: Issue, prefix: PropertyKey[]): Issue[] {
  const path = [...prefix, ...issue.path];
  if (issue.code === 'invalid_union') {
    const inside = issue.errors.filter(
      (branch) =>
        branch.length > 0 && branch.every((e) => e.path.length > 0 || e.code === 'unrecognized_keys'),
    );
    if (inside.length === 1) return inside[0]!.flatMap((e) => leaves(e as Issue, path));
  }
  return [{ ...issue, path } as Issue];
}

function strip(plain: unknown, path: PropertyKey[], keys: readonly string[]): void {
  let here = plain as Record<PropertyKey, unknown>;
  for (const step of path) here = here[step] as Record<PropertyKey, unknown>;
  for (const key of keys) delete here[key];
}

interface Reporting {
  readonly map: MapTree;
  readonly json: JsonSchema;
  readonly of: FieldsOf;
  readonly problems: Problems;
}

function report(issue: Issue, { map, json, of, problems }: Reporting): void {
  const path = issue.path as Path;
  const name = path
    .map((step, i) => (typeof step === 'number' ? `[${step}]` : i ? `.${step}` : step))
    .join('');
  const schema = schemaAt(json, path);
  if (issue.code === 'unrecognized_keys') {
    const owner = path.length > 0 ? `\`${name}\` of ${of.owner}` : of.owner;
    const own = Object.keys(schema?.properties ?? {});
    const at = walk(map, path).tree;
    for (const key of issue.keys)
      unknownKey(
        key,
        child(at, key) ?? map,
        owner,
        path.length > 0 ? own : [...own, ...(of.others ?? [])],
        problems,
      );
    return;
  }
  const { tree, complete } = walk(map, path);
  const expected = schema ? describe(schema) : 'another value';
  if (!complete) {
    problems.add(
      'missing-key',
      `\`${name}\` is missing in ${of.owner}, expected ${expected}`,
      keyPosition(tree),
      {
        help: `add \`${name}\``,
      },
    );
    return;
  }
  const own = issue.code === 'custom' || issue.code === 'invalid_format';
  if (own && !issue.message.startsWith('Invalid ')) {
    const where = path.length > 0 ? `\`${name}\` of ${of.owner}` : of.owner;
    const ending = issue.message.startsWith('expected') ? `, found ${found(tree)}` : '';
    problems.add('wrong-value', `${where}: ${issue.message}${ending}`, tree.position);
    return;
  }
  wrongValue(`\`${name}\` of ${of.owner}`, expected, tree, problems, schema);
}

/** The place of a path, or the deepest map or list that exists on the way. */
function walk(map: MapTree, path: Path): { tree: Tree; complete: boolean } {
  let tree: Tree = map;
  for (const step of path) {
    const next = child(tree, step);
    if (!next) return { tree, complete: false };
    tree = next;
  }
  return { tree, complete: true };
}

export function unknownKey(
  key: string,
  at: Tree,
  owner: string,
  known: readonly string[],
  problems: Problems,
): void {
  const meant = suggest(key, known);
  const help = meant
    ? `rename it to \`${meant}\``
    : known.length > 0
      ? `${owner} has ${listed(known)}`
      : `remove it: ${owner} has no fields`;
  problems.add('unknown-key', `\`${shown(key)}\` is not a field of ${owner}`, keyPosition(at), { help });
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
  const meant = suggest(text, known);
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
