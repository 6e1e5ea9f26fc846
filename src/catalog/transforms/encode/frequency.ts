import { noFields } from '../../fields.ts';
import type { TransformEntry } from '../transform.ts';
import { overRows } from '../words.ts';
import { countLevels } from './levels.ts';
import { applyLookup, emitLookup } from './lookup.ts';

/** Share of the training rows that have the level; 0 for one that none has. Missing values stay missing. */
export const frequency: TransformEntry<Record<string, never>> = {
  name: 'frequency',
  help: 'the share of training rows that have the same level, for categories of many levels',
  get schema() {
    return noFields();
  },
  stateless: false,
  accepts: ['category'],
  missing: true,
  shape: (input) => input,
  fit(rows) {
    const counted = countLevels(rows);
    return {
      summary: `${counted.map(({ counts }) => `${counts.length} levels`).join(', ')} ${overRows(rows.count)}`,
      shape: rows.shape,
      columns: counted.map(({ column }, from) => ({ name: column.name, kind: 'number', from })),
      vectors: {
        values: Float64Array.from(counted.flatMap(({ counts }) => Array.from(counts, (n) => n / rows.count))),
        sizes: Float64Array.from(counted, ({ counts }) => counts.length),
        unknown: Float64Array.of(0),
      },
    };
  },
  apply: applyLookup,
  emit: emitLookup,
};
