import { Misfit } from '../../base/misfit.ts';
import type { FitRows, FitTarget } from './transform.ts';

/** The target of a transform that looks at it: classes, or one number a row. @throws Misfit `no-target` */
export function targetOf(name: string, { target }: FitRows): FitTarget {
  if (target && target.columns === 1) return target;
  throw new Misfit(
    'no-target',
    `${name} looks at the target, ${target ? `a single one; here are ${target.columns}` : 'and there is none'}`,
    {
      help: 'take a transform that looks at the inputs alone',
    },
  );
}

export type ClassesToFit = FitTarget & { readonly classes: readonly string[] };

/** The same where only classes will do. @throws Misfit `no-classes` */
export function classesOf(name: string, rows: FitRows): ClassesToFit {
  const { classes, ...target } = targetOf(name, rows);
  if (classes) return { ...target, classes };
  throw new Misfit('no-classes', `${name} needs classes; the target is a number`, {
    help: 'set `task: classification`, or take a transform that needs none',
  });
}
