/** scikit-learn's `(?u)\b\w\w+\b`: two or more letters, digits and `_` in a row. */
export const WORD = /[\p{L}\p{N}_]{2,}/gu;

/**
 * The words of a text in lower case and in order, without stop words; then of each length its neighbours,
 * joined by a space.
 */
export function wordsOf(
  text: string,
  [least, most]: readonly [number, number],
  stop: readonly string[],
): string[] {
  const found = text.toLowerCase().match(WORD) ?? [];
  const words = stop.length > 0 ? found.filter((word) => !stop.includes(word)) : found;
  if (most === 1) return words;
  const out: string[] = [];
  for (let length = least; length <= most; length++)
    for (let i = 0; i + length <= words.length; i++) out.push(words.slice(i, i + length).join(' '));
  return out;
}
