/** The smallest float32 with all of its digits. */
const NORMAL = 2 ** -126;
/** Whole numbers below it have six digits at most. */
const SIX_DIGITS = 1e6;

/**
 * The shortest decimal that reads back as the same float32 (six digits always survive one, nine always
 * suffice).
 */
export function shortest(value: number): string {
  if (Math.fround(value) !== value) return String(value); // not a float32, or NaN
  const size = Math.abs(value);
  if (size < SIX_DIGITS && Number.isInteger(value)) return String(value);
  // Most need eight or nine digits. Where some suffice more do too, but at a power of two: its neighbours
  // aren't equally far.
  const upwards = size < NORMAL || Number.isInteger(Math.log2(size));
  let found = Number(value.toPrecision(9));
  for (let digits = 8; digits > 0; digits--) {
    const decimal = Number(value.toPrecision(digits));
    if (Math.fround(decimal) === value) found = decimal;
    else if (!upwards) break;
  }
  return String(found);
}
