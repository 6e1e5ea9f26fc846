import { csvCell } from '../../record/index.ts';
import type { Measured } from './series.ts';

/** Columns of the metrics of a run, one row a value; `low` and `high` are the 95% interval of final ones. */
export const METRIC_COLUMNS = {
  run: 'VARCHAR',
  kind: 'VARCHAR',
  split: 'VARCHAR',
  metric: 'VARCHAR',
  step: 'BIGINT',
  epoch: 'BIGINT',
  value: 'DOUBLE',
  low: 'DOUBLE',
  high: 'DOUBLE',
} as const;

/** Rows as CSV without a head: numbers as they are, to all digits. */
export const metricRows = (run: string, values: readonly Measured[]): string =>
  values
    .map(({ kind, split, metric, step, epoch, value, low, high }) =>
      [csvCell(run), kind, split, csvCell(metric), step, epoch, value, low ?? '', high ?? ''].join(','),
    )
    .map((line) => `${line}\n`)
    .join('');

export const metricHead = `${Object.keys(METRIC_COLUMNS).join(',')}\n`;
