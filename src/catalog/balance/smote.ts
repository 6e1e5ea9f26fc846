import { Misfit } from '../../base/misfit.ts';
import { uniform } from '../../base/random.ts';
import { count, once } from '../fields.ts';
import type { BalanceEntry, BalanceRows } from './balance.ts';
import { lacking, type RatioParams, ratioField, rowsByClass, someOf } from './resample.ts';

interface SmoteParams extends RatioParams {
  readonly neighbors: number;
  readonly rows: number;
}

const schema = once(() =>
  ratioField().extend({
    neighbors: count()
      .max(100)
      .default(5)
      .describe('nearest rows of the class, one of which each new row lies towards'),
    rows: count()
      .max(1_000_000)
      .default(10_000)
      .describe(
        'rows of a class that new ones are made from; of more a drawn sample, the same for each seed',
      ),
  }),
);

/** Values `[rows, width]`. */
function valuesOf({ width, row }: BalanceRows, own: Uint32Array): Float32Array {
  const out = new Float32Array(own.length * width);
  own.forEach((i, k) => {
    row(i, out.subarray(k * width, (k + 1) * width));
  });
  return out;
}

/** The k nearest other rows (Euclidean) of row i; of equally near ones the earlier. */
function nearest(values: Float32Array, width: number, i: number, k: number): number[] {
  const found: { at: number; square: number }[] = [];
  for (let at = 0; at * width < values.length; at++) {
    if (at === i) continue;
    let square = 0;
    for (let j = 0; j < width; j++) square += (values[at * width + j]! - values[i * width + j]!) ** 2;
    if (found.length === k && square >= found[k - 1]!.square) continue;
    let place = found.length;
    while (place > 0 && found[place - 1]!.square > square) place--;
    found.splice(place, 0, { at, square });
    if (found.length > k) found.pop();
  }
  return found.map(({ at }) => at);
}

/**
 * SMOTE (Chawla et al. 2002), as in imbalanced-learn: a row of a smaller class is drawn, one of its nearest
 * rows of that class, and a new row made anywhere on the line between them. It works on the numbers that the
 * network gets, after the features; 0/1 columns of encoded categories become shares.
 */
export const smote: BalanceEntry<SmoteParams> = {
  name: 'smote',
  help: 'new rows of smaller classes between neighbouring ones',
  get schema() {
    return schema();
  },
  needs: ['classes'],
  balance(rows, { ratio, neighbors, rows: most }) {
    const more = lacking(rows.counts, ratio);
    const own = rowsByClass(rows);
    const { width, stream } = rows;
    const total = more.reduce((a, b) => a + b, 0);
    const values = new Float32Array(total * width);
    const from = new Uint32Array(total);
    let at = 0;
    more.forEach((missing, c) => {
      if (missing === 0) return;
      const used = someOf(own[c]!, most, stream);
      if (used.length <= neighbors)
        throw new Misfit(
          'smote-neighbors',
          `class ${rows.classes[c]} has ${used.length} training ${used.length === 1 ? 'row' : 'rows'}; smote with ${neighbors} neighbours needs ${neighbors + 1}`,
          {
            field: 'neighbors',
            help: used.length > 1 ? `give at most ${used.length - 1}` : 'take oversample',
          },
        );
      const held = valuesOf(rows, used);
      const known = new Map<number, number[]>();
      for (let k = 0; k < missing; k++, at++) {
        const base = Math.floor(uniform(stream, 3 * at) * used.length);
        let near = known.get(base);
        if (!near) {
          near = nearest(held, width, base, neighbors);
          known.set(base, near);
        }
        const other = near[Math.floor(uniform(stream, 3 * at + 1) * near.length)]!;
        const step = uniform(stream, 3 * at + 2);
        for (let j = 0; j < width; j++) {
          const x = held[base * width + j]!;
          values[at * width + j] = x + step * (held[other * width + j]! - x);
        }
        from[at] = used[base]!;
      }
    });
    return { made: { values, from } };
  },
};
