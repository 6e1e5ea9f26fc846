import * as z from 'zod';

// A config is parsed once: compiling a parser for each schema, as zod does by default, takes longer than it
// saves.
z.config({ jitless: true });

/**
 * Making a schema takes about 0.1 ms a field on a cold start, and `mlx check` needs few of the catalogue's:
 * entries make theirs when it's first asked for.
 */
export function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** For entries without parameters. */
export const noFields = once(() => z.strictObject({}));

/*
 * Pieces of schemas that many entries share. Each call makes a new schema, so that an entry's
 * description and default are its own.
 */

/** A float32 holds it. */
export const number = () => z.number().min(-3.4e38).max(3.4e38);
export const positive = () => z.number().gt(0).max(3.4e38);
export const atLeastZero = () => z.number().min(0).max(3.4e38);
export const count = () => z.int().min(1);
/** From 0 up to but not 1: a decay rate, a share. */
export const fraction = () => z.number().min(0).lt(1);

/** A whole number for both axes, or `[height, width]`. */
export const size2d = () => z.union([count(), z.tuple([count(), count()])]);
export type Size2d = z.infer<ReturnType<typeof size2d>>;

/** `[height, width]` of a `size2d` field. */
export const pair = (size: Size2d): [number, number] => (typeof size === 'number' ? [size, size] : size);

export const fromLogits = () =>
  z.boolean().default(true).describe('the network gives logits (default; Keras: false), else probabilities');
