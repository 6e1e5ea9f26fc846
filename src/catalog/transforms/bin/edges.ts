import * as z from 'zod';
import { sizeOf } from '../../../base/shape.ts';
import { counted } from '../../../base/words.ts';
import type { GraphBuilder, Node } from '../../../graph/index.ts';
import { once } from '../../fields.ts';
import { sortedColumns } from '../sorted-columns.ts';
import type { FitRows, Fitted, OutColumn, TransformEntry } from '../transform.ts';
import { overRows, short } from '../words.ts';

export interface BinParams {
  readonly bins: number;
  readonly encode: 'one_hot' | 'ordinal';
}

/** Fields of scikit-learn's KBinsDiscretizer. */
export const binFields = once(() =>
  z.strictObject({
    bins: z.int().min(2).max(1000).default(5).describe('bins that each column is cut into'),
    encode: z
      .enum(['one_hot', 'ordinal'])
      .default('one_hot')
      .describe('a 0/1 column for each bin, or the number of the bin'),
  }),
);

/** Narrower bins are joined with the next one, as scikit-learn does. */
const NARROWEST = 1e-8;

/**
 * Cuts each feature at inner edges: a value on an edge is in the bin above it, values beyond the outer edges
 * in the outer bins. A constant feature has one bin.
 * @param edgesOf all edges of a feature, ascending, from its sorted training values
 */
export function fitBins(
  rows: FitRows,
  { encode }: BinParams,
  edgesOf: (sorted: Float64Array) => readonly number[],
): Fitted {
  const inner: number[][] = [];
  sortedColumns(rows, (sorted, j) => {
    const constant = sorted[0] === sorted.at(-1);
    const edges = constant ? [] : edgesOf(sorted);
    const kept = edges.filter((edge, i) => i === 0 || edge - edges[i - 1]! > NARROWEST);
    inner[j] = kept.slice(1, -1);
  });
  const total = inner.reduce((sum, { length }) => sum + length + 1, 0);
  const hot = encode === 'one_hot';
  return {
    summary: `${counted(inner.length, 'feature')} -> ${counted(total, 'bin')} ${overRows(rows.count)}`,
    shape: hot ? [total] : rows.shape,
    ...(rows.columns && { columns: columnsOf(rows.columns, inner, hot) }),
    vectors: {
      edges: Float64Array.from(inner.flat()),
      sizes: Float64Array.from(inner, ({ length }) => length),
      hot: Float64Array.of(hot ? 1 : 0),
    },
    facts: Object.fromEntries(inner.map((edges, j) => [rows.columns?.[j]?.name ?? String(j), edges])),
  };
}

function columnsOf(
  columns: NonNullable<FitRows['columns']>,
  inner: readonly (readonly number[])[],
  hot: boolean,
): OutColumn[] {
  if (!hot) return columns.map(({ name }, from) => ({ name, kind: 'number', from }));
  return columns.flatMap(({ name }, from) =>
    Array.from({ length: inner[from]!.length + 1 }, (_, k): OutColumn => {
      const [low, high] = [inner[from]![k - 1], inner[from]![k]];
      const range = `${low === undefined ? '(-inf' : `[${short(low)}`}, ${high === undefined ? 'inf' : short(high)})`;
      return { name: `${name}=${range}`, kind: 'binary', from };
    }),
  );
}

/** What the three ways to find edges share. */
export const binned: Pick<TransformEntry<BinParams>, 'stateless' | 'shape' | 'apply' | 'emit'> = {
  stateless: false,
  shape: (input, { encode }) => (encode === 'ordinal' ? input : undefined),
  apply({ vectors, shape }, rows, count) {
    const { edges, sizes, hot } = vectors as Record<'edges' | 'sizes' | 'hot', Float64Array>;
    const width = sizes.length;
    const outputs = sizeOf(shape);
    const out = new Float64Array(count * outputs);
    for (let i = 0; i < count; i++) {
      let [edge, slot] = [0, 0];
      for (let j = 0; j < width; j++) {
        const size = sizes[j]!;
        let bin = 0;
        while (bin < size && rows[i * width + j]! >= edges[edge + bin]!) bin++;
        if (hot[0]) out[i * outputs + slot + bin] = 1;
        else out[i * outputs + j] = bin;
        edge += size;
        slot += size + 1;
      }
    }
    return out;
  },
  emit(g, x, { vectors, shape }) {
    const { edges, sizes, hot } = vectors as Record<'edges' | 'sizes' | 'hot', Float64Array>;
    const width = sizes.length;
    const flat = g.reshape(x, [x.shape[0]!, width]);
    let at = 0;
    const parts = Array.from(sizes, (size, j) => {
      const own = Float32Array.from(edges.subarray(at, at + size));
      at += size;
      return emitBin(g, g.slice(flat, [0, j], [x.shape[0]!, j + 1]), own, hot[0] === 1);
    });
    return g.reshape(parts.length === 1 ? parts[0]! : g.concat(parts, 1), [x.shape[0]!, ...shape]);
  },
};

/** Of one feature `[batch, 1]`: the number of edges that aren't above it, or that as 0/1 columns. */
function emitBin(g: GraphBuilder, x: Node, edges: Float32Array, hot: boolean): Node {
  const batch = x.shape[0]!;
  const passed =
    edges.length === 0
      ? g.mul(x, 0)
      : g.reshape(
          g.sum(
            g.cast(
              g.greaterEqual(
                g.broadcast(x, [batch, edges.length]),
                g.broadcast(g.constant(edges, [edges.length]), [batch, edges.length]),
              ),
              'f32',
            ),
            [1],
          ),
          [batch, 1],
        );
  if (!hot) return passed;
  const numbers = g.constant(
    Float32Array.from({ length: edges.length + 1 }, (_, k) => k),
    [edges.length + 1],
  );
  return g.cast(g.equal(g.broadcast(passed, [batch, edges.length + 1]), numbers), 'f32');
}
