import type { BalanceEntry } from './balance.ts';
import { drawFrom, lacking, type RatioParams, ratioField, rowsByClass } from './resample.ts';

/** imbalanced-learn's RandomOverSampler: rows of smaller classes are repeated, drawn with replacement. */
export const oversample: BalanceEntry<RatioParams> = {
  name: 'oversample',
  help: 'rows of smaller classes are repeated',
  get schema() {
    return ratioField();
  },
  needs: ['classes'],
  balance(rows, { ratio }) {
    const more = lacking(rows.counts, ratio);
    const own = rowsByClass(rows);
    const total = more.reduce((a, b) => a + b, 0);
    const out = new Uint32Array(rows.count + total);
    for (let i = 0; i < rows.count; i++) out[i] = i;
    let at = rows.count;
    more.forEach((count, c) => {
      out.set(drawFrom(own[c]!, count, rows.stream, at), at);
      at += count;
    });
    return { rows: out };
  },
};
