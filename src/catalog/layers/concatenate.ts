import * as z from 'zod';
import { Misfit } from '../../base/misfit.ts';
import type { Shape } from '../../base/shape.ts';
import { once } from '../fields.ts';
import type { LayerEntry } from './layer.ts';
import { exampleShape, shapeText } from './misfits.ts';

const schema = once(() =>
  z.strictObject({
    axis: z
      .int()
      .min(-8)
      .max(8)
      .default(-1)
      .describe(
        'axis along which they are joined: 0 is the batch, which none can be joined along; -1 the last',
      ),
  }),
);

/** Its inputs one behind the other along an axis, all other axes alike: Keras' `Concatenate`. */
export const concatenate: LayerEntry<z.infer<ReturnType<typeof schema>>> = {
  name: 'concatenate',
  help: 'joins its inputs along an axis',
  takes: 'several',
  get schema() {
    return schema();
  },
  apply({ g }, inputs, { axis }) {
    const shapes = inputs.map(exampleShape);
    const place = placeOf(axis, shapes);
    const [first] = shapes;
    const alike = (shape: Shape) => shape.every((size, i) => i === place - 1 || size === first![i]);
    const odd = shapes.find((shape) => shape.length !== first!.length || !alike(shape));
    if (odd)
      throw new Misfit(
        'shape',
        `concatenate joins shapes that differ along axis ${axis} alone; it gets ${shapes.map(shapeText).join(' and ')}`,
        { field: 'inputs', help: 'put `flatten` before each, or join along another `axis`' },
      );
    return g.concat(inputs, place);
  },
};

/** The axis from 1 (0 is the batch). @throws Misfit */
function placeOf(axis: number, shapes: readonly Shape[]): number {
  const rank = shapes[0]!.length + 1;
  const place = axis < 0 ? axis + rank : axis;
  if (place >= 1 && place < rank) return place;
  const what = place === 0 ? 'is the batch' : `isn't there in ${shapeText(shapes[0]!)}`;
  throw new Misfit('axis', `axis ${axis} ${what}`, {
    field: 'axis',
    help: 'write `axis: -1` for the last one',
  });
}
