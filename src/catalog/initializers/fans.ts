import type { Shape } from '../../base/shape.ts';
import type { Fans } from './initializer.ts';

/** Keras' `compute_fans`: a vector's fans are its length; a kernel's count its receptive field. */
export function fansOf(shape: Shape): Fans {
  if (shape.length < 2) return { in: shape[0] ?? 1, out: shape[0] ?? 1 };
  const field = shape.slice(0, -2).reduce((a, b) => a * b, 1);
  return { in: shape.at(-2)! * field, out: shape.at(-1)! * field };
}
