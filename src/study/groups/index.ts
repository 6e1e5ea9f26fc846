import type { LoadedConfig } from '../../config/index.ts';
import { kFold } from './k-fold/index.ts';
import type { Group, GroupKind } from './kind.ts';
import { learningCurve } from './learning-curve/index.ts';
import type { GroupResult } from './result.ts';
import { seeds } from './seeds.ts';
import type { GroupShown } from './view.ts';

const entries: readonly GroupKind[] = [
  kFold, // before seeds: folds with seeds are folds for each seed
  seeds,
  learningCurve,
];

/** Kinds of groups by name; the first that a config asks for is taken. */
export const groupKinds = new Map(entries.map((entry) => [entry.name, entry]));

/** The runs that a config asks for; undefined where it is a single one. */
export function askedGroup(loaded: LoadedConfig): Group | undefined {
  for (const { asked } of groupKinds.values()) {
    const group = asked?.(loaded);
    if (group) return group;
  }
  return undefined;
}

/** How a group is shown: by its kind. */
export function shownAs(result: GroupResult): GroupShown {
  const { view, words } = groupKinds.get(result.kind) ?? {};
  return { ...(view && { view: view(result) }), ...(words && { words }) };
}
