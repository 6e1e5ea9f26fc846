import * as z from 'zod';
import { quantile as quantileOf } from '../../../base/quantile.ts';
import { sizeOf } from '../../../base/shape.ts';
import { counted } from '../../../base/words.ts';
import type { GraphBuilder, Node } from '../../../graph/index.ts';
import { once } from '../../fields.ts';
import { emitNormalQuantile, normalQuantile } from '../normal.ts';
import { sortedColumns } from '../sorted-columns.ts';
import type { Fitted, TransformEntry } from '../transform.ts';
import { overRows } from '../words.ts';

interface QuantileParams {
  readonly quantiles: number;
  readonly output: 'uniform' | 'normal';
}

/** Beyond this share a value counts as outermost: the normal distribution would put it at infinity. */
const OUTERMOST = 1e-7;

const schema = once(() =>
  z.strictObject({
    quantiles: z
      .int()
      .min(2)
      .max(10_000)
      .default(1000)
      .describe('points at which the distribution of the training rows is estimated; at most one per row'),
    output: z.enum(['uniform', 'normal']).default('uniform').describe('the distribution that comes out'),
  }),
);

/**
 * The marks of a value between the quantiles: the last one that isn't above it, the first that isn't below.
 */
function places(marks: Float64Array, x: number): [number, number] {
  const first = (after: (mark: number) => boolean) => {
    let [low, high] = [0, marks.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (after(marks[middle]!)) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  const last = marks.length - 1;
  return [
    Math.max(0, first((mark) => mark > x) - 1),
    Math.min(
      last,
      first((mark) => mark >= x),
    ),
  ];
}

/**
 * Share of the training rows below x. Between two marks on a line; in a run of equal marks the middle of the
 * run.
 */
function shareOf(marks: Float64Array, x: number): number {
  const [below, above] = places(marks, x);
  const last = marks.length - 1;
  const [from, to] = [marks[below]!, marks[above]!];
  if (last === 0 || x <= marks[0]!) return 0;
  if (x >= marks[last]!) return 1;
  if (to > from) return (below + ((x - from) / (to - from)) * (above - below)) / last;
  return (below + above) / 2 / last;
}

const marksOf = ({ vectors, shape }: Fitted): { marks: Float64Array; count: number; normal: boolean } => {
  const marks = vectors!['marks']!;
  return { marks, count: marks.length / sizeOf(shape), normal: vectors!['normal']![0] === 1 };
};

/**
 * scikit-learn's QuantileTransformer. Its marks come from all training rows (scikit-learn: from 10,000 drawn
 * ones). A constant feature becomes 0 (uniform) or about -5.2 (normal), as there.
 */
export const quantile: TransformEntry<QuantileParams> = {
  name: 'quantile',
  help: 'the share of training rows that are smaller, evenly or normally distributed',
  get schema() {
    return schema();
  },
  stateless: false,
  shape: (input) => input,
  fit(rows, { quantiles, output }) {
    const count = Math.min(quantiles, rows.count);
    const width = sizeOf(rows.shape);
    const marks = new Float64Array(width * count);
    sortedColumns(rows, (sorted, j) => {
      for (let k = 0; k < count; k++) {
        const mark = quantileOf(sorted, count === 1 ? 0 : k / (count - 1));
        // Rounding must not make one smaller than the one before.
        marks[j * count + k] = k === 0 ? mark : Math.max(mark, marks[j * count + k - 1]!);
      }
    });
    return {
      summary: `${counted(count, 'quantile')} of ${counted(width, 'feature')} to ${output} ${overRows(rows.count)}`,
      shape: rows.shape,
      vectors: { marks, normal: Float64Array.of(output === 'normal' ? 1 : 0) },
    };
  },
  apply(fitted, rows) {
    const { marks, count, normal } = marksOf(fitted);
    const width = sizeOf(fitted.shape);
    const inRange = (share: number) => Math.min(1 - OUTERMOST, Math.max(OUTERMOST, share));
    return rows.map((x, i) => {
      if (Number.isNaN(x)) return x;
      const j = i % width;
      const share = shareOf(marks.subarray(j * count, (j + 1) * count), x);
      return normal ? normalQuantile(inRange(share), 1 - inRange(share)) : share;
    });
  },
  emit(g, x, fitted) {
    const { marks, count, normal } = marksOf(fitted);
    const width = sizeOf(fitted.shape);
    const flat = g.reshape(x, [x.shape[0]!, width]);
    const { share, rest } = emitShare(g, flat, Float32Array.from(marks), count);
    if (!normal) return g.reshape(share, x.shape);
    const [p, q] = [share, rest].map((node) => g.maximum(node, OUTERMOST));
    return g.reshape(emitNormalQuantile(g, p!, q!), x.shape);
  },
};

/** Share of marks below x `[batch, features]`, and the share above, both exact near 0. */
function emitShare(
  g: GraphBuilder,
  x: Node,
  marks: Float32Array,
  count: number,
): { share: Node; rest: Node } {
  const [batch, width] = x.shape as [number, number];
  const all = [batch, width, count];
  const table = g.constant(marks, [width, count]);
  const values = g.broadcast(g.reshape(x, [batch, width, 1]), all);
  const counted = (compare: Node) => g.sum(g.cast(compare, 'f32'), [2]);
  const last = count - 1;
  const below = g.maximum(g.sub(counted(g.greaterEqual(values, g.broadcast(table, all))), 1), 0);
  const above = g.minimum(counted(g.greater(values, g.broadcast(table, all))), last);
  const starts = g.constant(
    Int32Array.from({ length: width }, (_, j) => j * count),
    [width],
  );
  const flat = g.constant(marks, [width * count]);
  const markAt = (index: Node) =>
    g.gather(flat, g.add(g.cast(index, 'i32'), g.broadcast(starts, [batch, width])));
  const [from, to] = [markAt(below), markAt(above)];
  const between = g.greater(to, from);
  const part = g.div(g.sub(x, from), g.select(between, g.sub(to, from), 1));
  const steps = g.sub(above, below);
  const at = g.select(between, g.add(below, g.mul(part, steps)), g.mul(g.add(below, above), 0.5));
  const low = g.constant(
    marks.filter((_, i) => i % count === 0),
    [width],
  );
  const high = g.constant(
    marks.filter((_, i) => i % count === last),
    [width],
  );
  const bounded = g.select(g.greaterEqual(x, g.broadcast(high, x.shape)), last, at);
  const place = g.select(g.greaterEqual(g.broadcast(low, x.shape), x), 0, bounded);
  return {
    share: g.mul(place, 1 / Math.max(1, last)),
    rest: g.mul(g.sub(last, place), 1 / Math.max(1, last)),
  };
}
