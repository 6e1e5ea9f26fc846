import { stringify } from 'yaml';
import { align } from './align.ts';
import type { Difference } from './comparison.ts';
import { flatten, MOST_DEPTH, scalarText } from './config-values.ts';

/** A run whose config has nothing there, or no config. */
const ABSENT = Symbol('absent');
/** A string in place of another one: less than one removed and one inserted. */
const REPLACED = 1.5;

/**
 * What isn't the same in all configs, in the order of the first, and how many values are. Lists of steps
 * (layers, features, rows) are aligned.
 */
export function configDifferences(trees: readonly (object | undefined)[]): {
  readonly differences: Difference[];
  readonly same: number;
} {
  const differences: Difference[] = [];
  let same = 0;

  function walk(path: string, values: readonly unknown[], depth: number): void {
    const here = values.filter((v) => v !== ABSENT);
    const only = (is: (v: unknown) => boolean) => values.map((v) => (is(v) ? v : ABSENT));
    if (here.length === 0) return;
    if (depth > MOST_DEPTH) leaf(path, values);
    else if (here.every(isObject)) fields(path, values, depth);
    else if (here.every(Array.isArray)) list(path, values, depth);
    else if (here.some((v) => isObject(v) || Array.isArray(v))) {
      // Of unlike kinds: each kind for itself.
      for (const is of [(v: unknown) => !isObject(v) && !Array.isArray(v), isObject, Array.isArray])
        walk(path, only(is), depth);
    } else leaf(path, values);
  }

  function leaf(path: string, values: readonly unknown[]): void {
    const texts = values.map((v) => (v === ABSENT ? null : scalarText(v)));
    if (texts.every((text) => text === texts[0])) same++;
    else differences.push({ path, values: texts });
  }

  function fields(path: string, values: readonly unknown[], depth: number): void {
    const maps = values.map((v) => (v === ABSENT ? undefined : new Map(Object.entries(v as object))));
    const keys = new Set(maps.flatMap((m) => [...(m?.keys() ?? [])]));
    if (keys.size === 0) leaf(path, values);
    for (const key of keys) {
      const at = path === '' ? key : `${path}.${key}`;
      walk(
        at,
        maps.map((m) => (m?.has(key) ? m.get(key) : ABSENT)),
        depth + 1,
      );
    }
  }

  function list(path: string, values: readonly unknown[], depth: number): void {
    const lists = values.map((v) => (v === ABSENT ? [] : (v as readonly unknown[])));
    const items = lists.flat();
    if (items.length === 0) leaf(path, values);
    const steps = items.every((v) => isObject(v) || typeof v === 'string');
    if (!steps) {
      for (let i = 0; i < Math.max(...lists.map(({ length }) => length)); i++)
        walk(
          `${path}[${i}]`,
          lists.map((l) => (i < l.length ? l[i] : ABSENT)),
          depth + 1,
        );
      return;
    }
    for (const slot of align(lists.map(itemsOf), distance)) {
      const at = `${path}[${slot.find((item) => item !== undefined)!.at}]`;
      if (slot.includes(undefined)) differences.push(lone(at, slot));
      else
        walk(
          at,
          slot.map((item) => item!.value),
          depth + 1,
        );
    }
  }

  walk(
    '',
    trees.map((tree) => tree ?? ABSENT),
    0,
  );
  return { differences, same };
}

/** One step of a list. */
interface Item {
  /** Its place in its own list. */
  readonly at: number;
  readonly value: object | string;
  readonly text: string;
  /** `dense` of `dense: { units: 10 }`; undefined for a string, and where no key names a kind. */
  readonly kind: string | undefined;
  readonly settings: ReadonlyMap<string, string>;
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const itemsOf = (list: readonly unknown[]): Item[] =>
  list.map((value, at) => {
    const keys = isObject(value) ? Object.keys(value) : [];
    return {
      at,
      value: value as Item['value'],
      text: JSON.stringify(value),
      kind: keys.length === 1 ? keys[0] : undefined,
      settings: flatten(value),
    };
  });

/**
 * 0 where they are equal; of one kind, more the more of their settings differ; two kinds are never the same
 * step.
 */
function distance(a: Item, b: Item): number {
  if (a.text === b.text) return 0;
  if (a.kind !== b.kind || typeof a.value !== typeof b.value) return Number.POSITIVE_INFINITY;
  if (typeof a.value === 'string') return REPLACED;
  const all = [...new Set([...a.settings.keys(), ...b.settings.keys()])];
  return 0.1 + (0.8 * all.filter((key) => a.settings.get(key) !== b.settings.get(key)).length) / all.length;
}

/** A step that some configs haven't got, in one line with all that it says. */
function lone(path: string, slot: readonly (Item | undefined)[]): Difference {
  const kind = slot.find((item) => item !== undefined)!.kind;
  const textOf = ({ value }: Item): string => {
    if (typeof value === 'string') return value;
    const shown: unknown = kind === undefined ? value : (value as Record<string, unknown>)[kind];
    return typeof shown === 'string'
      ? shown
      : stringify(shown, { collectionStyle: 'flow', lineWidth: 0 }).trim();
  };
  return {
    path: kind === undefined ? path : `${path}.${kind}`,
    values: slot.map((item) => (item ? textOf(item) : null)),
    change: slot[0] === undefined ? 'inserted' : 'removed',
  };
}
