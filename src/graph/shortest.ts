/** The smallest float32 with all of its digits. */
const NORMAL = 2 ** -126;

/** The shortest decimal that reads back as the same float32 (six digits always survive one, nine always suffice). */
export function shortest(value: number): string {
  if (Math.fround(value) !== value) return String(value); // not a float32, or NaN
  for (let digits = Math.abs(value) < NORMAL ? 1 : 6; digits < 9; digits++) {
    const decimal = Number(value.toPrecision(digits));
    if (Math.fround(decimal) === value) return String(decimal);
  }
  return String(Number(value.toPrecision(9)));
}
