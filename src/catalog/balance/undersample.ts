import type { BalanceEntry } from './balance.ts';
import { type RatioParams, ratioField, rowsByClass, someOf } from './resample.ts';

/** imbalanced-learn's RandomUnderSampler: rows of larger classes are left out, drawn without replacement. */
export const undersample: BalanceEntry<RatioParams> = {
  name: 'undersample',
  help: 'rows of larger classes are left out',
  get schema() {
    return ratioField();
  },
  needs: ['classes'],
  balance(rows, { ratio }) {
    const smallest = Math.min(...rows.counts.filter((n) => n > 0));
    const most = Math.floor(smallest / ratio + 1e-9);
    const kept = rowsByClass(rows).map((own) => someOf(own, most, rows.stream));
    return { rows: Uint32Array.from(kept.flatMap((own) => [...own])).sort() };
  },
};
