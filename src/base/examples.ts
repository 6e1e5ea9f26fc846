import type { Shape } from './shape.ts';

/**
 * What a field of the examples is for: read by the network, learned, what an example counts, which steps
 * count.
 */
export type FieldRole = 'input' | 'target' | 'weight' | 'mask';

/** A named part of every example. */
export interface Field {
  readonly name: string;
  readonly role: FieldRole;
  /** Of one example; empty for a single number. */
  readonly shape: Shape;
  readonly dtype: 'f32' | 'i32';
}

/**
 * Names of the fields that every plan has: the input where there is only one, the target, and what an example
 * counts.
 */
export const INPUT = 'x';
export const TARGET = 'y';
export const WEIGHT = 'weight';

/** Examples in an order that the caller chooses; what a batch is filled from. */
export interface Examples {
  readonly count: number;
  readonly fields: readonly Field[];
  /**
   * Writes a field of the examples at positions `order[from .. from + count)`, `[count, ...shape]`: inputs
   * prepared, the target as class indices or numbers, the weight in the loss (1 where nothing else was asked
   * for).
   */
  fill(field: string, out: Float32Array | Int32Array, order: Uint32Array, from: number, count: number): void;
}

/** The fields that the network reads. */
export const inputsOf = ({ fields }: Pick<Examples, 'fields'>): readonly Field[] =>
  fields.filter(({ role }) => role === 'input');
