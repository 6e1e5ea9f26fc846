/** Numbers and nouns in messages, the same in every locale. */

/** Digits in groups of three: 7000 gives "7,000". */
export const thousands = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',');

/**
 * A count with its noun: "1 row", "7 rows", "2 classes".
 * @param count a whole number, or one already written as text, such as `thousands(7000)`
 * @param nouns the noun for any count but one, where it isn't `noun` with an s
 */
export const plural = (count: number | string, noun: string, nouns = `${noun}s`): string =>
  `${count} ${String(count) === '1' ? noun : nouns}`;

/** The same with the digits in groups of three: "7,000 rows". */
export const counted = (count: number, noun: string): string => plural(thousands(count), noun);
