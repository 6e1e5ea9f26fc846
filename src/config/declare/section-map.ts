import type { Problems } from '../tree/problems.ts';
import { type MapTree, mapAt, type Tree } from '../tree/tree.ts';
import { wrongValue } from '../tree/wrong-value.ts';
import type { Place } from './section.ts';

/** A section as a map; an absent one is empty, a bare name what `expand` makes of it. */
export function sectionMap(
  written: Tree | undefined,
  place: Pick<Place, 'parent' | 'path'>,
  problems: Problems,
  expand?: (name: Tree) => [string, Tree][],
): MapTree | undefined {
  if (!written) return mapAt(place.parent);
  if (written.kind === 'map') return written;
  if (expand && written.kind === 'scalar' && typeof written.value === 'string')
    return mapAt(written, expand(written));
  wrongValue(`\`${place.path}\``, `a map of its fields${expand ? ' or a name' : ''}`, written, problems);
  return undefined;
}
