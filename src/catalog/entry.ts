import type * as z from 'zod';

/** The fields of a typed thing in a config after validation: `{ type: 'adam', learning_rate: 0.001 }`. */
export type Typed<P = unknown> = { readonly type: string } & P;

/** What every catalogue file exports: a name for YAML, a line of help, and a strict schema of its fields. */
export interface Entry<P> {
  /** Keras' or scikit-learn's name, snake_case. */
  readonly name: string;
  /** One line for `mlx schema`, editors and error texts. */
  readonly help: string;
  /** A `z.strictObject` of the fields without `type`; every field has a default or is required. */
  readonly schema: z.ZodType<P>;
}

/** Entries by name, in the order in which help lists them. */
// biome-ignore lint/suspicious/noExplicitAny: entries of one kind differ in their field types
export function catalog<E extends Entry<any>>(...entries: E[]): ReadonlyMap<string, E> {
  return new Map(entries.map((entry) => [entry.name, entry]));
}
