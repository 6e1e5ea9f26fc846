import type { Tensor } from '../engines/engine.ts';
import type { DataSpec } from '../plan/index.ts';

/** One split's prepared examples, as the data section hands them over. */
export interface Examples {
  readonly count: number;
  /** Writes prepared x of the examples `order[from .. from + count)`. */
  fill(out: Float32Array, order: Uint32Array, from: number, count: number): void;
  labels(out: Int32Array | Float32Array, order: Uint32Array, from: number, count: number): void;
  /** Writes what each of them counts in the loss `[count]`. */
  weights?(out: Float32Array, order: Uint32Array, from: number, count: number): void;
}

/** Reusable x and y arrays of one batch size. */
export class Batch {
  readonly data: Record<string, Tensor>;
  private readonly size: number;

  constructor(specs: readonly DataSpec[]) {
    this.data = Object.fromEntries(
      specs.map(({ name, shape, dtype }) => {
        const length = shape.reduce((a, b) => a * b, 1);
        return [name, dtype === 'i32' ? new Int32Array(length) : new Float32Array(length)];
      }),
    );
    this.size = specs[0]!.shape[0]!;
  }

  /** Loads examples `order[from ..]`; past the end the last rows of the arrays stay as they were. */
  load(examples: Examples, order: Uint32Array, from: number): number {
    const count = Math.min(this.size, order.length - from);
    examples.fill(this.data['x'] as Float32Array, order, from, count);
    if (this.data['y']) examples.labels(this.data['y'], order, from, count);
    if (this.data['weight']) examples.weights?.(this.data['weight'] as Float32Array, order, from, count);
    return count;
  }
}
