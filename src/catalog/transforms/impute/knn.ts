import * as z from 'zod';
import { Misfit } from '../../../base/misfit.ts';
import { counted } from '../../../base/words.ts';
import type { GraphBuilder, Node } from '../../../graph/index.ts';
import { count, once } from '../../fields.ts';
import { heldRows, sampleRows, valuesOf } from '../sample-rows.ts';
import type { TransformEntry } from '../transform.ts';
import { overRows } from '../words.ts';
import { emitFlags, flagColumns, withFlags } from './indicators.ts';

interface KnnParams {
  readonly neighbors: number;
  readonly weights: 'uniform' | 'distance';
  readonly indicators: boolean;
  readonly rows: number;
}

const schema = once(() =>
  z.strictObject({
    neighbors: count().max(100).default(5).describe('nearest training rows whose values are averaged'),
    weights: z
      .enum(['uniform', 'distance'])
      .default('uniform')
      .describe('each neighbour alike, or by the inverse of its distance'),
    indicators: z
      .boolean()
      .default(false)
      .describe('add a 0/1 column for each one that lacks values in training rows'),
    rows: heldRows(10_000),
  }),
);

type Vectors = Record<'donors' | 'means' | 'flagged' | 'neighbors' | 'weighted', Float64Array>;

/**
 * Squared nan_euclidean distance to row `first` of the donors: of the columns that both have, scaled up to
 * all; infinite where there is none.
 */
function distance(row: Float64Array, donors: Float64Array, first: number): number {
  let [sum, common] = [0, 0];
  for (let j = 0; j < row.length; j++) {
    const d = row[j]! - donors[first + j]!;
    if (Number.isNaN(d)) continue;
    sum += d * d;
    common++;
  }
  return common === 0 ? Number.POSITIVE_INFINITY : (sum * row.length) / common;
}

/** The k nearest donors that have column j, nearest first; of equally near ones the earlier. */
function nearest(squares: Float64Array, donors: Float64Array, width: number, j: number, k: number) {
  const found: { value: number; square: number }[] = [];
  for (let d = 0; d < squares.length; d++) {
    const [value, square] = [donors[d * width + j]!, squares[d]!];
    if (Number.isNaN(value) || (found.length === k && square >= found[k - 1]!.square)) continue;
    let at = found.length;
    while (at > 0 && found[at - 1]!.square > square) at--;
    found.splice(at, 0, { value, square });
    if (found.length > k) found.pop();
  }
  return found;
}

/**
 * scikit-learn's KNNImputer: a missing number becomes the mean of those of the nearest training rows that
 * have it, or the column's mean where there is no distance to any row; rows of no distance come last. Of
 * equally near rows the earlier one. Columns should be of like scale: `normalize` them first. An exported
 * model carries the rows along.
 */
export const knn: TransformEntry<KnnParams> = {
  name: 'knn',
  help: 'missing numbers filled from the nearest training rows',
  get schema() {
    return schema();
  },
  stateless: false,
  accepts: ['number', 'date', 'binary'],
  missing: true,
  shape: (input, { indicators }) => (indicators ? undefined : input),
  fit(rows, { neighbors, weights, indicators, rows: most }) {
    const width = rows.shape[0]!;
    const columns =
      rows.columns ?? Array.from({ length: width }, (_, i) => ({ name: String(i), kind: 'number' as const }));
    const chosen = sampleRows(rows, most);
    const donors = valuesOf(rows, chosen);
    const sums = new Float64Array(width);
    const present = new Float64Array(width);
    const row = new Float64Array(width);
    for (let i = 0; i < rows.count; i++) {
      rows.row(i, row);
      for (let j = 0; j < width; j++) {
        if (Number.isNaN(row[j]!)) continue;
        sums[j] = sums[j]! + row[j]!;
        present[j] = present[j]! + 1;
      }
    }
    const empty = present.indexOf(0);
    if (empty >= 0)
      throw new Misfit('all-missing', `\`${columns[empty]!.name}\` has no value in any training row`, {
        help: `leave it out: \`- drop: [${columns[empty]!.name}]\` in data.rows`,
      });
    const flagged = indicators ? [...present.keys()].filter((j) => present[j]! < rows.count) : [];
    const made = [...columns.map((column, from) => ({ ...column, from })), ...flagColumns(columns, flagged)];
    const missing = present.reduce((sum, n) => sum + rows.count - n, 0);
    return {
      summary: `${counted(missing, 'missing value')}, ${neighbors} neighbours among ${counted(chosen.length, 'row')} ${overRows(rows.count)}`,
      shape: [made.length],
      ...(rows.columns && { columns: made }),
      vectors: {
        donors,
        means: sums.map((sum, j) => sum / present[j]!),
        flagged: Float64Array.from(flagged),
        neighbors: Float64Array.of(neighbors),
        weighted: Float64Array.of(weights === 'distance' ? 1 : 0),
      },
    };
  },
  apply({ vectors }, rows, count) {
    const { donors, means, flagged, neighbors, weighted } = vectors as Vectors;
    const width = means.length;
    const filled = rows.slice();
    const squares = new Float64Array(donors.length / width);
    for (let i = 0; i < count; i++) {
      const row = rows.subarray(i * width, (i + 1) * width);
      if (!row.some(Number.isNaN)) continue;
      for (let d = 0; d < squares.length; d++) squares[d] = distance(row, donors, d * width);
      for (let j = 0; j < width; j++) {
        if (!Number.isNaN(row[j]!)) continue;
        const own = nearest(squares, donors, width, j, neighbors[0]!);
        filled[i * width + j] = Number.isFinite(own[0]?.square)
          ? averaged(own, weighted[0] === 1)
          : means[j]!;
      }
    }
    return withFlags(rows, filled, width, flagged, count);
  },
  emit(g, x, { vectors }) {
    const { flagged } = vectors as Vectors;
    const present = g.equal(x, x); // NaN equals nothing, itself neither
    return emitFlags(g, emitKnn(g, x, present, vectors as Vectors), present, flagged);
  },
};

function averaged(near: readonly { value: number; square: number }[], weighted: boolean): number {
  const exact = weighted && near.some(({ square }) => square === 0);
  let [sum, total] = [0, 0];
  for (const { value, square } of near) {
    const weight = !weighted ? 1 : exact ? Number(square === 0) : 1 / Math.sqrt(square);
    sum += weight * value;
    total += weight;
  }
  return sum / total;
}

/** In place of the negative of a distance: there is none, or the row can't be used. */
const FAR = -1e38;
const NEVER = -3e38;

function emitKnn(g: GraphBuilder, x: Node, present: Node, vectors: Vectors): Node {
  const { donors, means, neighbors, weighted } = vectors;
  const [batch, width] = x.shape as [number, number];
  const count = donors.length / width;
  const all = [batch, count];
  const known = g.cast(present, 'f32');
  const values = g.select(present, x, 0);
  const ofDonors = (j: number, pick: (value: number) => number) =>
    g.constant(
      Float32Array.from({ length: count }, (_, d) => pick(donors[d * width + j]!)),
      [count],
    );
  const column = (node: Node, j: number) => g.slice(node, [0, j], [batch, j + 1]);
  // One column after the other: the rows that both have, and the squared differences there.
  const pairs = Array.from({ length: width }, (_, j) => {
    const both = g.mul(
      g.broadcast(column(known, j), all),
      ofDonors(j, (v) => Number(!Number.isNaN(v))),
    );
    const d = g.sub(
      g.broadcast(column(values, j), all),
      ofDonors(j, (v) => (Number.isNaN(v) ? 0 : v)),
    );
    return { both, square: g.mul(both, g.square(d)) };
  });
  const squares = pairs.map(({ square }) => square).reduce((p, q) => g.add(p, q));
  const common = pairs.map(({ both }) => both).reduce((p, q) => g.add(p, q));
  const distances = g.div(g.mul(squares, width), g.maximum(common, 1));
  const near = g.select(g.greater(common, 0), g.neg(distances), FAR);
  const numbers = g.broadcast(
    g.constant(
      Float32Array.from({ length: count }, (_, d) => d),
      [count],
    ),
    all,
  );
  const parts = Array.from({ length: width }, (_, j) => {
    const has = ofDonors(j, (v) => Number(!Number.isNaN(v)));
    const lacks = ofDonors(j, (v) => (Number.isNaN(v) ? NEVER : 0));
    const own = ofDonors(j, (v) => (Number.isNaN(v) ? 0 : v));
    let left = g.add(g.mul(near, has), lacks);
    const found: Neighbour[] = [];
    for (let k = 0; k < Math.min(neighbors[0]!, count); k++) {
      const best = g.argmax(left, 1);
      const top = g.reshape(g.max(left, [1]), [batch, 1]);
      found.push({
        value: g.reshape(g.gather(own, best), [batch, 1]),
        square: g.neg(top),
        is: g.cast(g.greater(top, 2 * FAR), 'f32'),
        near: g.cast(g.greater(top, FAR / 2), 'f32'),
      });
      const at = g.broadcast(g.reshape(g.cast(best, 'f32'), [batch, 1]), all);
      left = g.select(g.equal(at, numbers), NEVER, left);
    }
    const mean = emitAverage(g, found, weighted[0] === 1, means[j]!);
    return g.select(g.slice(present, [0, j], [batch, j + 1]), column(x, j), mean);
  });
  return parts.length === 1 ? parts[0]! : g.concat(parts, 1);
}

interface Neighbour {
  readonly value: Node;
  readonly square: Node;
  /** 1 where there is one. */
  readonly is: Node;
  /** 1 where it has a distance. */
  readonly near: Node;
}

function emitAverage(
  g: GraphBuilder,
  found: readonly Neighbour[],
  weighted: boolean,
  otherwise: number,
): Node {
  const sum = (nodes: readonly Node[]) => nodes.reduce((a, b) => g.add(a, b));
  const average = (weights: readonly Node[]) => {
    const total = sum(weights);
    const weightedSum = sum(found.map(({ value }, k) => g.mul(value, weights[k]!)));
    return { total, mean: g.div(weightedSum, g.select(g.greater(total, 0), total, 1)) };
  };
  const alike = average(found.map(({ is }) => is));
  let mean = alike.mean;
  if (weighted) {
    const zero = found.map(({ square, near }) => g.mul(near, g.cast(g.equal(square, 0), 'f32')));
    const exact = average(zero);
    const inverse = average(
      found.map(({ square, near }) => g.div(near, g.sqrt(g.select(g.greater(near, 0), square, 1)))),
    );
    mean = g.select(g.greater(exact.total, 0), exact.mean, inverse.mean);
  }
  return g.select(g.greater(sum(found.map(({ near }) => near)), 0), mean, otherwise);
}
