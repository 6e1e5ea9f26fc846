import type { Column } from '../../../readers/raw-data.ts';
import type { FitRows } from '../transform.ts';

export interface LevelCounts {
  readonly column: Column;
  /** Training rows of each level. */
  readonly counts: Float64Array;
  readonly missing: number;
}

/** How often each level of each column stands in the training rows. */
export function countLevels(rows: FitRows): LevelCounts[] {
  const columns = rows.columns ?? [];
  const counts = columns.map(({ levels = [] }) => new Float64Array(levels.length));
  const missing = new Array<number>(columns.length).fill(0);
  const row = new Float64Array(columns.length);
  for (let i = 0; i < rows.count; i++) {
    rows.row(i, row);
    for (let j = 0; j < row.length; j++) {
      const code = row[j]!;
      if (Number.isNaN(code)) missing[j] = missing[j]! + 1;
      else if (code >= 0) counts[j]![code] = counts[j]![code]! + 1;
    }
  }
  return columns.map((column, j) => ({ column, counts: counts[j]!, missing: missing[j]! }));
}
