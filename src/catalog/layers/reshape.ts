import * as z from 'zod';
import { Misfit } from '../../base/misfit.ts';
import { type Shape, sizeOf } from '../../base/shape.ts';
import { count, once } from '../fields.ts';
import type { LayerEntry, OneInput } from './layer.ts';
import { exampleShape, shapeText } from './misfits.ts';

const schema = once(() =>
  z.strictObject({
    target_shape: z
      .array(z.union([count(), z.literal(-1)]))
      .min(1)
      .max(8)
      .describe('new shape of one example; one axis may be -1 and is then inferred'),
  }),
);

/** The same values in row-major order under another shape. */
export const reshape: LayerEntry<z.infer<ReturnType<typeof schema>>> = {
  name: 'reshape',
  help: 'another shape for the same values',
  get schema() {
    return schema();
  },
  apply: ({ g }, [x]: OneInput, { target_shape }) =>
    g.reshape(x, [x.shape[0]!, ...resolve(exampleShape(x), target_shape)]),
};

/** Fills in the -1. @throws Misfit when the sizes differ */
function resolve(input: Shape, target: Shape): Shape {
  const size = sizeOf(input);
  const open = target.filter((d) => d === -1).length;
  const known = sizeOf(target.filter((d) => d !== -1));
  const details = { field: 'target_shape' };
  if (open > 1)
    throw new Misfit(
      'shape',
      `${shapeText(target)} has ${open} axes of -1; only one can be left open`,
      details,
    );
  if (open === 1 ? size % known !== 0 : size !== known) {
    const found = open === 1 ? `${known} doesn't divide ${size}` : `${size} values, not ${known}`;
    throw new Misfit('shape', `can't reshape ${shapeText(input)} to ${shapeText(target)}: ${found}`, details);
  }
  return target.map((d) => (d === -1 ? size / known : d));
}
