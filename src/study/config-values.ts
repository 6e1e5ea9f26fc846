import { parse } from 'yaml';

/** The largest resolved config that is read. */
const MOST = 1 << 20;

/** Levels of a config that are looked into. */
export const MOST_DEPTH = 64;

/**
 * A resolved config as values by path: `optimizer.learning_rate` -> `0.001`, `architecture[1].dense.units` -> `10`.
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
  into(value, '', values, 0);
  return values;
}

function into(value: unknown, path: string, values: Map<string, string>, depth: number): void {
  const inner = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  if (inner.length === 0 || depth > MOST_DEPTH) {
    values.set(path, scalarText(value));
    return;
  }
  for (const [key, part] of inner) {
    const at = Array.isArray(value) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`;
    into(part, at, values, depth + 1);
  }
}

export const scalarText = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value);
