/**
 * What it costs to leave an item without a partner. Two of them are the price of a pair that no one takes for
 * the same.
 */
const ALONE = 1;
/** Beyond these many pairs items are matched by position. */
const MOST_PAIRS = 40_000;

/**
 * Lists laid against each other, so that one that has an item more leaves the others as they are: for each
 * slot the item of each list, or undefined. The slots are those of the first list with what the others add
 * (edit distance with a price for each pair; Needleman & Wunsch 1970).
 * @param cost of taking two items for the same: 0 where they are equal, below 2 where rather one has become
 * the other
 */
export function align<T>(
  lists: readonly (readonly T[])[],
  cost: (a: T, b: T) => number,
): (readonly (T | undefined)[])[] {
  let slots: (T | undefined)[][] = [];
  lists.forEach((list, k) => {
    const pairs = match(slots.map(first), list, cost);
    slots = pairs.map(([slot, at]) => [
      ...(slot === null ? new Array<undefined>(k).fill(undefined) : slots[slot]!),
      at === null ? undefined : list[at],
    ]);
  });
  return slots;
}

const first = <T>(slot: readonly (T | undefined)[]): T => slot.find((item) => item !== undefined)!;

type Pair = readonly [a: number | null, b: number | null];

/**
 * Places in both lists in order; null where one has no partner. Of equally good ways the one that matches
 * early.
 */
function match<T>(a: readonly T[], b: readonly T[], cost: (a: T, b: T) => number): Pair[] {
  const same = (i: number, j: number) => cost(a[i]!, b[j]!) === 0;
  let [from, endA, endB] = [0, a.length, b.length];
  while (from < endA && from < endB && same(from, from)) from++;
  while (endA > from && endB > from && same(endA - 1, endB - 1)) {
    endA--;
    endB--;
  }
  const head = Array.from({ length: from }, (_, i): Pair => [i, i]);
  const tail = Array.from({ length: a.length - endA }, (_, i): Pair => [endA + i, endB + i]);
  const [rows, columns] = [endA - from, endB - from];
  if (rows * columns > MOST_PAIRS) {
    const middle = Array.from(
      { length: Math.max(rows, columns) },
      (_, i): Pair => [i < rows ? from + i : null, i < columns ? from + i : null],
    );
    return [...head, ...middle, ...tail];
  }
  const price = (i: number, j: number) => cost(a[from + i]!, b[from + j]!);
  // best[i][j]: what it costs to match all from i and j on.
  const width = columns + 1;
  const best = new Float64Array((rows + 1) * width);
  const pair = new Float64Array(rows * columns);
  for (let i = rows; i >= 0; i--)
    for (let j = columns; j >= 0; j--) {
      if (i === rows && j === columns) continue;
      let least = Number.POSITIVE_INFINITY;
      if (i < rows && j < columns) {
        pair[i * columns + j] = price(i, j);
        least = pair[i * columns + j]! + best[(i + 1) * width + j + 1]!;
      }
      if (i < rows) least = Math.min(least, ALONE + best[(i + 1) * width + j]!);
      if (j < columns) least = Math.min(least, ALONE + best[i * width + j + 1]!);
      best[i * width + j] = least;
    }
  const middle: Pair[] = [];
  for (let [i, j] = [0, 0]; i < rows || j < columns; ) {
    const least = best[i * width + j]!;
    if (i < rows && j < columns && least === pair[i * columns + j]! + best[(i + 1) * width + j + 1]!)
      middle.push([from + i++, from + j++]);
    else if (i < rows && least === ALONE + best[(i + 1) * width + j]!) middle.push([from + i++, null]);
    else middle.push([null, from + j++]);
  }
  return [...head, ...middle, ...tail];
}
