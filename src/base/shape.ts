/** Sizes of a tensor's axes, outermost first; a scalar has none. */
export type Shape = readonly number[];

/** How many numbers a tensor of this shape holds. */
export const sizeOf = (shape: Shape): number => shape.reduce((a, b) => a * b, 1);
