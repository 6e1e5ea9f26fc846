import { Misfit } from '../../base/misfit.ts';
import type { Shape } from '../../base/shape.ts';
import { fixedShape, type Node } from '../../graph/index.ts';

/** `(28, 28, 1)`: the shape of one example, as people read it. */
export const shapeText = (shape: Shape): string => `(${shape.join(', ')})`;

/** The shape of one example of `x`. */
export const exampleShape = (x: Node): Shape => fixedShape(x.shape.slice(1));

/** Checks for `[batch, height, width, channels]`. @throws Misfit */
export function needImage(layer: string, x: Node): [number, number, number] {
  const shape = exampleShape(x);
  if (shape.length === 3) return shape as [number, number, number];
  throw new Misfit('shape', `${layer} needs (height, width, channels) but gets ${shapeText(shape)}`, {
    help:
      shape.length === 1
        ? `move \`flatten\` below \`${layer}\`, or put \`reshape\` before it`
        : `put \`reshape: { target_shape: [${imageLike(shape).join(', ')}] }\` before it`,
  });
}

/** (28, 28) -> [28, 28, 1]; more axes than three are joined into the channels. */
const imageLike = (shape: Shape): Shape => [
  shape[0] ?? 1,
  shape[1] ?? 1,
  shape.slice(2).reduce((a, b) => a * b, 1),
];

/** @throws Misfit where a window that spans `span` pixels finds no place in the input. */
export function needRoom(
  what: string,
  size: readonly [number, number],
  span: readonly [number, number],
  input: readonly [number, number],
  field: string,
): void {
  if (span[0] <= input[0] && span[1] <= input[1]) return;
  const wide = span[0] === size[0] && span[1] === size[1] ? '' : `, ${span.join('x')} with its dilation,`;
  throw new Misfit('shape', `${what} ${size.join('x')}${wide} is larger than its input ${input.join('x')}`, {
    field,
    help: `make \`${field}\` at most ${input.join('x')}, or write \`padding: same\``,
  });
}
