import type { Position } from '../../errors.ts';

/**
 * A YAML value that remembers where it stands. `position` is the value's own place, `key` the place
 * of the key that leads to it; items of a list have none.
 */
export type Tree = ScalarTree | ListTree | MapTree;

interface Placed {
  readonly position: Position;
  readonly key?: Position;
}
export interface ScalarTree extends Placed {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
}
export interface ListTree extends Placed {
  readonly kind: 'list';
  readonly items: readonly Tree[];
}
export interface MapTree extends Placed {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, Tree>;
}

export type Path = readonly (string | number)[];

/** A map made of `entries` at the place of `at`: for shorthands (`optimizer: adam`) and absent sections. */
export function mapAt(at: { position: Position; key?: Position }, entries: [string, Tree][] = []): MapTree {
  return { kind: 'map', position: at.position, key: at.key, entries: new Map(entries) };
}

/** Where "this is missing here" belongs: the parent's key. */
export const keyPosition = (tree: Tree): Position => tree.key ?? tree.position;

export function child(tree: Tree | undefined, step: string | number): Tree | undefined {
  if (tree?.kind === 'map') return tree.entries.get(String(step));
  if (tree?.kind === 'list') return typeof step === 'number' ? tree.items[step] : undefined;
  return undefined;
}

/** The map without some keys. */
export function without(map: MapTree, keys: readonly string[]): MapTree {
  return mapAt(
    map,
    [...map.entries].filter(([key]) => !keys.includes(key)),
  );
}

/** The map with only these keys. */
export function only(map: MapTree, keys: readonly string[]): MapTree {
  return mapAt(
    map,
    [...map.entries].filter(([key]) => keys.includes(key)),
  );
}

/** Plain values; maps have no prototype, so that no key of a user's file means anything to JavaScript. */
export function toPlain(tree: Tree): unknown {
  if (tree.kind === 'scalar') return tree.value;
  if (tree.kind === 'list') return tree.items.map(toPlain);
  const plain: Record<string, unknown> = Object.create(null);
  for (const [key, value] of tree.entries) plain[key] = toPlain(value);
  return plain;
}
