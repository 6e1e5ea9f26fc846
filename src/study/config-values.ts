import { parse } from 'yaml';

/** The largest resolved config that is read. */
const MOST = 1 << 20;

/** Levels of a config that are looked into. */
export const MOST_DEPTH = 64;

/**
 * A resolved config as values by path: `optimizer.learning_rate` -> `0.001`, `architecture[1].dense.units` ->
 * `10`.
 * @returns undefined for what isn't one
 */
export function configValues(text: string | undefined): ReadonlyMap<string, string> | undefined {
  const tree = configTree(text);
  return tree && flatten(tree);
}

/** A resolved config as it was parsed; undefined for what isn't one. */
export function configTree(text: string | undefined): object | undefined {
  if (text === undefined || text.length > MOST) return undefined;
  try {
    const tree: unknown = parse(text, { maxAliasCount: 0, logLevel: 'silent' });
    return typeof tree === 'object' && tree !== null && !Array.isArray(tree) ? tree : undefined;
  } catch {
    return undefined;
  }
}

export function flatten(value: unknown): Map<string, string> {
  const values = new Map<string, string>();
  eachLeaf(value, '', 0, (path, leaf) => values.set(path, scalarText(leaf)));
  return values;
}

/**
 * What a run was made with, for tools that lay runs beside each other: numbers, words and switches by path,
 * without those that are unset and those that change no result (its name, its gates, audits).
 */
export function hyperparameters(text: string | undefined): Map<string, string | number | boolean> {
  const values = new Map<string, string | number | boolean>();
  eachLeaf(configTree(text) ?? {}, '', 0, (path, leaf) => {
    const plain = typeof leaf === 'string' || typeof leaf === 'boolean' || Number.isFinite(leaf);
    if (plain && !/^(name$|expect\[|data\.audit\.)/.test(path))
      values.set(path, leaf as string | number | boolean);
  });
  return values;
}

function eachLeaf(
  value: unknown,
  path: string,
  depth: number,
  visit: (path: string, leaf: unknown) => void,
): void {
  const inner = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  if (inner.length === 0 || depth > MOST_DEPTH) visit(path, value);
  for (const [key, part] of depth > MOST_DEPTH ? [] : inner) {
    const at = Array.isArray(value) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`;
    eachLeaf(part, at, depth + 1, visit);
  }
}

export const scalarText = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value);
