import { sizeOf } from '../base/shape.ts';
import { transforms } from '../catalog/transforms/index.ts';
import { applyChain } from './columns.ts';
import type { OpenDeferred } from './part.ts';
import { recodedReader, rowsAtOnce } from './training-levels.ts';

/** Computes the features of examples when they are read. */
export const deferredFiller: OpenDeferred = (x, { shape, codes, steps, training }, width) => {
  const reader = recodedReader(shape, x, codes);
  const taken = sizeOf(shape);
  const chain = steps.map((step) => ({ ...step, entry: transforms.get(step.kind)!.get(step.type)! }));
  // Such a step needs the place of the training row, so rows go through one by one.
  const alone = training && steps.some(({ fitted }) => fitted.folds) ? training : undefined;
  const most = alone ? 1 : rowsAtOnce(Math.max(width, taken));
  return (out, places, total) => {
    for (let from = 0; from < total; from += most) {
      const count = Math.min(most, total - from);
      const values = new Float64Array(count * taken);
      reader.read(places, from, count, values);
      out.set(applyChain(chain, values, count, alone && find(alone, places[from]!)), from * width);
    }
  };
};

/** The place of a value in an ascending list that has it. */
function find(ascending: Uint32Array, value: number): number {
  let low = 0;
  let high = ascending.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
