/** Rows of the source in each part, ascending. */
export interface Split {
  readonly train: Uint32Array;
  readonly validation: Uint32Array;
  readonly test: Uint32Array;
}

/** The part of a row as a byte. */
export const PART: Readonly<Record<keyof Split | 'none', number>> = {
  train: 0,
  validation: 1,
  test: 2,
  none: 3,
};

/** The rows of each part, in shared memory for the workers. */
export function rowsOfParts(parts: Uint8Array): Split {
  const counts = [0, 0, 0, 0];
  for (const part of parts) counts[part]!++;
  counts[PART.none] = 0;
  const rows = counts.map((count) => new Uint32Array(new SharedArrayBuffer(4 * count)));
  const at = [0, 0, 0, 0];
  for (let row = 0; row < parts.length; row++) {
    const part = parts[row]!;
    if (part !== PART.none) rows[part]![at[part]!++] = row;
  }
  return { train: rows[PART.train]!, validation: rows[PART.validation]!, test: rows[PART.test]! };
}
