import { invariant } from '../errors.ts';

/** The item at a position that has one. @throws Error naming the position where it has none */
export function item<T>(items: ArrayLike<T>, position: number): T {
  const found = items[position];
  if (found === undefined) invariant(false, `there is no item ${position} among ${items.length}`);
  return found;
}
