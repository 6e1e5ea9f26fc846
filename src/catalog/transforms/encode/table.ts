import type { GraphBuilder, Node } from '../../../graph/index.ts';

/**
 * Rows of a table for each level of each column: the levels of one column after the other, each followed by
 * "unknown" and "missing".
 */
export interface LevelTable {
  /** Levels of each column. */
  readonly sizes: Float64Array;
  /** `[sum of sizes + 2, outputs]`. */
  readonly rows: Float64Array;
  /** Numbers that each level becomes. */
  readonly outputs: number;
}

/** Row of the table for a code, counted from the first one of its column. */
export const rowOf = (code: number, size: number): number =>
  Number.isNaN(code) ? size + 1 : code >= 0 && code < size ? code : size;

/** Calls `visit` with row, column and the row of the table, for all values `[count, columns]`. */
export function eachCode(
  sizes: Float64Array,
  rows: Float64Array,
  count: number,
  visit: (i: number, j: number, row: number) => void,
): void {
  const width = sizes.length;
  for (let i = 0; i < count; i++) {
    let first = 0;
    for (let j = 0; j < width; j++) {
      visit(i, j, first + rowOf(rows[i * width + j]!, sizes[j]!));
      first += sizes[j]! + 2;
    }
  }
}

/** Of each column its rows of the table: `[batch, outputs]` for each column. */
export function emitTable(g: GraphBuilder, x: Node, { sizes, rows, outputs }: LevelTable): Node[] {
  const batch = x.shape[0]!;
  const table = g.constant(Float32Array.from(rows), [rows.length / outputs, outputs]);
  let first = 0;
  return Array.from(sizes, (size, j) => {
    const code = g.reshape(g.slice(x, [0, j], [batch, j + 1]), [batch]);
    const present = g.equal(code, code); // NaN equals nothing, itself neither
    const known = g.select(g.greaterEqual(code, 0), g.minimum(g.select(present, code, 0), size), size);
    const row = g.add(g.select(present, known, size + 1), first);
    first += size + 2;
    return g.gather(table, g.cast(row, 'i32'));
  });
}
