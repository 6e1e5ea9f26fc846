import { parse } from 'yaml';

/** The largest resolved config that is read. */
const MOST = 1 << 20;

/**
 * A resolved config as values by path: `optimizer.learning_rate` -> `0.001`, `architecture[1].dense.units` -> `10`.
 * @returns undefined for what isn't one
 */
export function configValues(text: string | undefined): ReadonlyMap<string, string> | undefined {
  if (text === undefined || text.length > MOST) return undefined;
  try {
    const tree: unknown = parse(text, { maxAliasCount: 0, logLevel: 'silent' });
    if (typeof tree !== 'object' || tree === null || Array.isArray(tree)) return undefined;
    const values = new Map<string, string>();
    flatten(tree, '', values, 0);
    return values;
  } catch {
    return undefined;
  }
}

function flatten(value: unknown, path: string, into: Map<string, string>, depth: number): void {
  const inner = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  if (inner.length === 0 || depth > 64) {
    into.set(path, typeof value === 'string' ? value : JSON.stringify(value));
    return;
  }
  for (const [key, part] of inner) {
    const at = Array.isArray(value) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`;
    flatten(part, at, into, depth + 1);
  }
}

export interface ConfigDifference {
  readonly path: string;
  /** One a run; null where a run hasn't got it. */
  readonly values: readonly (string | null)[];
}

/** What isn't the same in all configs, in the order of the first; and how much is. */
export function configDifferences(configs: readonly (ReadonlyMap<string, string> | undefined)[]): {
  readonly differences: ConfigDifference[];
  readonly same: number;
} {
  const paths = [...new Set(configs.flatMap((c) => [...(c?.keys() ?? [])]))];
  const all = paths.map((path) => ({ path, values: configs.map((c) => c?.get(path) ?? null) }));
  const differences = all.filter(({ values }) => values.some((v) => v !== values[0]));
  return { differences, same: all.length - differences.length };
}
