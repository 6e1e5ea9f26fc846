import type { Position } from '../errors.ts';
import { type Outline, outlineAt } from './declare/section.ts';
import { child, keyPosition, type Path, type Tree } from './tree/tree.ts';

/**
 * The place of a path inside the `Config`, in the user's file: `['architecture', 1, 'units']` is
 * found below the layer's key. What isn't written there is placed at the nearest thing above it.
 * @returns undefined when not even the section is written
 */
export function locate(file: Tree, path: Path, outline: Outline): Position | undefined {
  let tree: Tree | undefined;
  let steps = 0;
  for (const step of path) {
    const here = tree ?? file;
    const next =
      child(here, step) ?? child(inside(here, path.slice(0, steps), outline), step) ?? listed(here, step);
    if (!next) break;
    tree = next;
    steps++;
  }
  if (!tree) return undefined;
  const wrapped = steps === path.length ? inside(tree, path.slice(0, steps), outline) : undefined;
  if (wrapped) return keyPosition(wrapped);
  // `loss: hinge` is the place of `loss.type`.
  if (tree.kind === 'scalar' && path[steps] === 'type' && steps === path.length - 1) return tree.position;
  if (steps < path.length) return keyPosition(inside(tree, path.slice(0, steps), outline) ?? tree);
  // A map or list over several lines is best named by its key.
  return tree.key && tree.kind !== 'scalar' && tree.position.line !== tree.key.line
    ? tree.key
    : tree.position;
}

/** An item of a list of names: `['evaluation', 'metrics', 'accuracy']`. */
function listed(tree: Tree, step: string | number): Tree | undefined {
  if (tree.kind !== 'list') return undefined;
  return tree.items.find((item) => item.kind === 'scalar' && item.value === step);
}

/** A layer's or transform's fields, below its one key. */
function inside(tree: Tree, path: Path, outline: Outline): Tree | undefined {
  const { oneKey } = outlineAt(outline, path) ?? {};
  if (!oneKey || tree.kind !== 'map' || tree.entries.size !== 1) return undefined;
  return [...tree.entries.values()][0];
}
