const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Numbers first, by value; then texts by code unit, which no locale changes. */
export function byValueThenText(a: string, b: string): number {
  const [p, q] = [NUMBER.test(a), NUMBER.test(b)];
  if (p && q && Number(a) !== Number(b)) return Number(a) - Number(b);
  if (p !== q) return p ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}
