import type { GraphBuilder, Node } from '../../../graph/index.ts';
import type { Fitted } from '../transform.ts';

/**
 * One number for each level of each column: `values` one column after the other, `sizes` levels each; others
 * are `unknown`.
 */
export interface Lookup {
  readonly values: Float64Array;
  readonly sizes: Float64Array;
  readonly unknown: Float64Array;
}

/** Missing values stay missing. */
export function applyLookup(fitted: Fitted, rows: Float64Array, count: number): Float64Array {
  const { values, sizes, unknown } = fitted.vectors as unknown as Lookup;
  const width = sizes.length;
  const out = new Float64Array(rows.length);
  for (let i = 0; i < count; i++) {
    let at = 0;
    for (let j = 0; j < width; j++) {
      const code = rows[i * width + j]!;
      const known = code >= 0 && code < sizes[j]!;
      out[i * width + j] = Number.isNaN(code) ? Number.NaN : known ? values[at + code]! : unknown[0]!;
      at += sizes[j]!;
    }
  }
  return out;
}

export function emitLookup(g: GraphBuilder, x: Node, fitted: Fitted): Node {
  const { values, sizes, unknown } = fitted.vectors as unknown as Lookup;
  const batch = x.shape[0]!;
  let at = 0;
  const parts = Array.from(sizes, (size, j) => {
    const code = g.slice(x, [0, j], [batch, j + 1]);
    const codes = g.constant(
      Float32Array.from({ length: size }, (_, k) => k),
      [size],
    );
    const hot = g.cast(g.equal(g.broadcast(code, [batch, size]), codes), 'f32');
    // Relative to `unknown`: no level, no difference.
    const offsets = Float32Array.from(values.subarray(at, at + size), (v) => v - unknown[0]!);
    at += size;
    const value = g.add(g.matmul(hot, g.constant(offsets, [size, 1])), unknown[0]!);
    return g.select(g.equal(code, code), value, code);
  });
  return parts.length === 1 ? parts[0]! : g.concat(parts, 1);
}
