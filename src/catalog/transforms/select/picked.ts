import { Misfit } from '../../../base/misfit.ts';
import { sizeOf } from '../../../base/shape.ts';
import type { FitRows, Fitted, TransformEntry } from '../transform.ts';
import { overRows, short } from '../words.ts';

/** What the transforms that keep some features share. */
export const picked: Pick<TransformEntry<unknown>, 'stateless' | 'accepts' | 'apply' | 'emit'> = {
  stateless: false,
  accepts: ['number', 'date', 'binary'],
  apply({ vectors }, rows, count) {
    const { kept, width } = vectors as { kept: Float64Array; width: Float64Array };
    const outputs = kept.length;
    const out = new Float64Array(count * outputs);
    for (let i = 0; i < count; i++)
      for (let j = 0; j < outputs; j++) out[i * outputs + j] = rows[i * width[0]! + kept[j]!]!;
    return out;
  },
  emit(g, x, { vectors }) {
    const { kept, width } = vectors as { kept: Float64Array; width: Float64Array };
    const flat = g.reshape(x, [x.shape[0]!, width[0]!]);
    const rows = g.gather(g.transpose(flat, [1, 0]), g.constant(Int32Array.from(kept), [kept.length]));
    return g.transpose(rows, [1, 0]);
  },
};

/** @param scores of each feature, recorded */
export function keep(rows: FitRows, kept: readonly number[], scores: ArrayLike<number>): Fitted {
  const width = sizeOf(rows.shape);
  const { columns } = rows;
  const names = kept.slice(0, 5).map((j) => columns?.[j]?.name ?? `feature ${j}`);
  const listed = `${names.join(', ')}${kept.length > 5 ? ', …' : ''}`;
  return {
    summary: `${width} -> ${kept.length} features (${listed}) ${overRows(rows.count)}`,
    shape: [kept.length],
    ...(columns && {
      columns: kept.map((from) => ({ ...columns[from]!, from })),
    }),
    vectors: { kept: Float64Array.from(kept), width: Float64Array.of(width) },
    facts: { scores: Array.from(scores, (score) => Number(score.toPrecision(12))) },
  };
}

/** The k best, in the order of the features; of equals the earlier one. @throws Misfit `k` */
export function best(scores: ArrayLike<number>, k: number): number[] {
  checkK(scores.length, k);
  // A score that isn't a number (a constant feature) is the worst.
  const rank = (score: number) => (Number.isNaN(score) ? Number.NEGATIVE_INFINITY : score);
  return Array.from({ length: scores.length }, (_, j) => j)
    .sort((a, b) => rank(scores[b]!) - rank(scores[a]!) || a - b)
    .slice(0, k)
    .sort((a, b) => a - b);
}

export function checkK(features: number, k: number): void {
  if (k <= features) return;
  throw new Misfit('k', `\`k\` is ${k}, but there are only ${features} features`, {
    field: 'k',
    help: `give at most ${features}, or remove the step`,
  });
}

/** "nothing is left" as an error. */
export function someLeft(kept: readonly number[], what: string, highest: number): readonly number[] {
  if (kept.length > 0) return kept;
  throw new Misfit('none-left', `no feature is ${what}; the highest is ${short(highest)}`, {
    field: 'threshold',
    help: 'lower `threshold`',
  });
}
