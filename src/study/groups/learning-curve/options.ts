/** What a learning curve is made of; kept in `group.json`. */
export interface CurveOptions {
  /** Shares of the training part, ascending. */
  readonly sizes: readonly number[];
  readonly seeds: readonly number[];
  /** Epochs grow as rows get fewer, so that every size gets about as many steps. */
  readonly equal_steps: boolean;
  /** What the curve is drawn of. */
  readonly metric: string;
}

/** @returns undefined for what isn't as a learning curve keeps it */
export function asOptions(value: unknown): CurveOptions | undefined {
  const { sizes, seeds, equal_steps, metric } = (value ?? {}) as Partial<Record<string, unknown>>;
  const numbers = (list: unknown): list is number[] =>
    Array.isArray(list) && list.length > 0 && list.every((n) => typeof n === 'number' && Number.isFinite(n));
  if (!numbers(sizes) || !numbers(seeds) || typeof equal_steps !== 'boolean' || typeof metric !== 'string')
    return undefined;
  if (sizes.some((s) => s <= 0 || s > 1) || seeds.some((s) => !Number.isSafeInteger(s) || s < 0))
    return undefined;
  return { sizes, seeds, equal_steps, metric };
}
