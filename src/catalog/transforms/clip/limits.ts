import { Misfit } from '../../../base/misfit.ts';
import { thousands } from '../../../base/words.ts';
import type { GraphBuilder, Node } from '../../../graph/index.ts';
import { sortedColumns } from '../sorted-columns.ts';
import type { FitRows, Fitted, TransformEntry } from '../transform.ts';
import { overRows } from '../words.ts';

export type Limits = readonly [low: number, high: number];

/** What the transforms that cut values off at limits share. Missing values stay missing. */
export const clipped: Pick<TransformEntry<unknown>, 'stateless' | 'missing' | 'shape' | 'apply' | 'emit'> = {
  stateless: false,
  missing: true,
  shape: (input) => input,
  apply(fitted, rows) {
    const { low, high } = limitsOf(fitted);
    return rows.map((value, i) => {
      const j = i % low.length;
      return value < low[j]! ? low[j]! : value > high[j]! ? high[j]! : value;
    });
  },
  emit(g: GraphBuilder, x: Node, fitted) {
    const { low, high } = limitsOf(fitted);
    const all = (values: Float64Array) =>
      g.broadcast(g.constant(Float32Array.from(values), fitted.shape), x.shape);
    const lifted = g.select(g.greater(all(low), x), all(low), x);
    return g.select(g.greater(x, all(high)), all(high), lifted);
  },
};

const limitsOf = ({ vectors }: Fitted) => vectors as { low: Float64Array; high: Float64Array };

/** Limits of each feature from the sorted values that training rows have. @throws Misfit `all-missing` */
export function fitLimits(rows: FitRows, limits: (sorted: Float64Array) => Limits): Fitted {
  const found: Limits[] = [];
  let beyond = 0;
  sortedColumns(rows, (sorted, j) => {
    const missing = sorted.findIndex(Number.isNaN);
    const present = missing < 0 ? sorted : sorted.subarray(0, missing);
    if (present.length === 0) {
      const name = rows.columns?.[j]?.name ?? `feature ${j}`;
      throw new Misfit('all-missing', `\`${name}\` has no value in any training row`, {
        help: `leave it out: \`- drop: [${name}]\` in data.rows`,
      });
    }
    found[j] = limits(present);
    const [low, high] = found[j]!;
    beyond += present.filter((value) => value < low || value > high).length;
  });
  return {
    summary: `${thousands(beyond)} values beyond the limits of ${found.length} features ${overRows(rows.count)}`,
    shape: rows.shape,
    vectors: {
      low: Float64Array.from(found, ([low]) => low),
      high: Float64Array.from(found, ([, high]) => high),
    },
    facts: { clipped: beyond },
  };
}
