// Of values that a file holds.

export const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Finite, or null. */
export const isNumber = (value: unknown): boolean =>
  value === null || (typeof value === 'number' && Number.isFinite(value));

export const isText = (value: unknown): value is string => typeof value === 'string';

/** So many numbers. */
export const isValues = (values: unknown, count: number): boolean =>
  Array.isArray(values) && values.length === count && values.every(isNumber);
