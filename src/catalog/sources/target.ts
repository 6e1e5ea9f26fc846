import type { TargetShape } from './source.ts';

/** How many numbers of y an example has: its class, or one for each target. */
export const targetWidth = (target: TargetShape): number =>
  target.kind === 'class' ? 1 : target.columns.length;
