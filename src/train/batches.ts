import type { Examples } from '../base/examples.ts';
import { sizeOf } from '../base/shape.ts';
import type { Tensor } from '../engines/engine.ts';
import { fixed, fixedShape } from '../graph/index.ts';
import type { DataSpec } from '../plan/index.ts';

/** Reusable arrays of the fields that a program reads, for one batch size. */
export class Batch {
  readonly data: Record<string, Tensor>;
  private readonly size: number;

  constructor(specs: readonly DataSpec[]) {
    this.data = Object.fromEntries(
      specs.map(({ name, shape, dtype }) => {
        const length = sizeOf(fixedShape(shape));
        return [name, dtype === 'i32' ? new Int32Array(length) : new Float32Array(length)];
      }),
    );
    this.size = fixed(specs[0]?.shape[0]);
  }

  /** Loads examples `order[from ..]`; past the end the last rows of the arrays stay as they were. */
  load(examples: Examples, order: Uint32Array, from: number): number {
    const count = Math.min(this.size, order.length - from);
    for (const [field, out] of Object.entries(this.data)) examples.fill(field, out, order, from, count);
    return count;
  }
}
