/**
 * A number of rounds, draws or threads from the command line; ends the process with a sentence where it is none.
 * @param {string | undefined} text as it was given; undefined where nothing was
 * @param {string} name what is counted, for the message
 * @param {number} usual where nothing was given
 * @param {number} [least]
 * @returns {number}
 */
export function countOf(text, name, usual, least = 1) {
  if (text === undefined) return usual;
  const count = Number(text);
  if (/^\d{1,6}$/.test(text) && count >= least) return count;
  console.error(`${name}: expected a whole number from ${least} to 999999, found ${JSON.stringify(text)}`);
  process.exit(2);
}
