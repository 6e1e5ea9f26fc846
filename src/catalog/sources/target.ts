import type { TargetShape } from './source.ts';

/** How many numbers of y an example has: its class, or one for each target. */
export const targetWidth = (target: TargetShape): number =>
  target.kind === 'class' ? 1 : outputNames(target).length;

/** What a network's outputs stand for: classes, numbers or labels. */
export function outputNames(target: TargetShape): readonly string[] {
  if (target.kind === 'class') return target.classes;
  return target.kind === 'labels' ? target.labels : target.columns;
}
