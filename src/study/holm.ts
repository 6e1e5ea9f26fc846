/** p values below it count as evidence (two-sided). */
export const LEVEL = 0.05;

/** A, B, ..., Z, AA, ... */
export const letter = (i: number): string =>
  (i >= 26 ? letter(Math.floor(i / 26) - 1) : '') + String.fromCharCode(65 + (i % 26));

/**
 * Holm's procedure (1979) for several comparisons: the smallest p value counts as often as there are
 * comparisons, the next one less often.
 * @returns what corrects one of the p values
 */
export function holm(all: readonly number[]): (p: number) => number {
  const ps = [...all].sort((x, y) => x - y);
  return (p) => Math.min(1, Math.max(p, ...ps.filter((q) => q <= p).map((q, i) => q * (ps.length - i))));
}
