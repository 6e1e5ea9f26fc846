import type { Check } from './reproduction.ts';

/** Named numbers in the order in which they came to be: `step 12: loss` -> 0.5. */
export type Series = ReadonlyMap<string, number>;

/** Compares numbers in order. @param limit relative; of a value below 1, absolute */
export function compareSeries(
  name: Check['name'],
  was: Series,
  is: Series,
  limit: number,
  strict: boolean,
): Check {
  let first = '';
  let beyond = '';
  let largest = 0;
  for (const [key, a] of was) {
    const b = is.get(key);
    if (b === undefined) return { name, outcome: 'different', text: `${key} is missing` };
    if (Object.is(a, b) || a === b) continue;
    const size = Math.abs(a - b) / Math.max(1, Math.abs(a));
    const text = `${key} ${a} → ${b}`;
    first ||= text;
    if (!(size <= limit)) beyond ||= text;
    if (!(size <= largest)) largest = size;
  }
  const more = [...is.keys()].find((key) => !was.has(key));
  if (more !== undefined) return { name, outcome: 'different', text: `${more} is new` };
  if (first === '') return { name, outcome: 'identical', text: `${was.size} numbers` };
  if (beyond !== '') return { name, outcome: 'different', text: first };
  const within = `${first}; the largest relative difference is ${largest.toExponential(1)}`;
  return { name, outcome: strict ? 'different' : 'within tolerance', text: within };
}

/** The first line that isn't the same. */
export function firstLine(was: string, is: string): string {
  const [a, b] = [was.split('\n'), is.split('\n')];
  const at = a.findIndex((line, i) => line !== b[i]);
  const line = at < 0 ? a.length : at;
  return `line ${line + 1}: ${(a[line] ?? '(end)').trim()} → ${(b[line] ?? '(end)').trim()}`;
}
