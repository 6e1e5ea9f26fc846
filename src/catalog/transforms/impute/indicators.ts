import type { GraphBuilder, Node } from '../../../graph/index.ts';
import type { OutColumn } from '../transform.ts';

/** Columns of which training rows lack values, as 0/1 columns beside the filled ones. */
export function flagColumns(
  columns: readonly { readonly name: string }[],
  flagged: readonly number[],
): OutColumn[] {
  return flagged.map((from) => ({ name: `${columns[from]!.name}_missing`, kind: 'binary', from }));
}

/** `[count, columns]` filled -> with the flags behind. */
export function withFlags(
  rows: Float64Array,
  filled: Float64Array,
  width: number,
  flagged: Float64Array,
  count: number,
): Float64Array {
  if (flagged.length === 0) return filled;
  const after = width + flagged.length;
  const out = new Float64Array(count * after);
  for (let i = 0; i < count; i++) {
    out.set(filled.subarray(i * width, (i + 1) * width), i * after);
    flagged.forEach((j, k) => {
      out[i * after + width + k] = Number.isNaN(rows[i * width + j]!) ? 1 : 0;
    });
  }
  return out;
}

/** @param present bool `[batch, columns]` */
export function emitFlags(g: GraphBuilder, filled: Node, present: Node, flagged: Float64Array): Node {
  if (flagged.length === 0) return filled;
  const absent = g.sub(1, g.cast(present, 'f32'));
  const flags = Array.from(flagged, (j) => g.slice(absent, [0, j], [filled.shape[0]!, j + 1]));
  return g.concat([filled, ...flags], 1);
}
