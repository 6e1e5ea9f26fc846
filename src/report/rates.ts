import type { ClassRow } from '../protocol/metric-values.ts';
import { escapeText } from './escape.ts';
import { metric } from './format.ts';
import { padEnd, padStart, textWidth, truncate } from './width.ts';

/** Rows that a terminal shows. */
const MOST_ROWS = 12;
const LONGEST_NAME = 16;
const COLUMNS = ['precision', 'sensitivity', 'specificity', 'f1'] as const;

/** Of many rows only those with the lowest f1, worst first. */
export function shownRates(rows: readonly ClassRow[]): readonly ClassRow[] {
  if (rows.length <= MOST_ROWS) return rows;
  return [...rows].sort((a, b) => (a.f1 ?? -1) - (b.f1 ?? -1)).slice(0, MOST_ROWS);
}

/** Head and cells of a table. @param noun what a row is, e.g. `class` */
export function rateCells(rows: readonly ClassRow[], noun: string): string[][] {
  return [
    [escapeText(noun), ...COLUMNS, 'support'],
    ...rows.map((row) => [
      escapeText(row.class),
      ...COLUMNS.map((c) => (row[c] === null ? '-' : metric(row[c]))),
      String(row.support),
    ]),
  ];
}

export function rateLines(rows: readonly ClassRow[], noun: string): string[] {
  const cells = rateCells(shownRates(rows), noun);
  const first = Math.min(LONGEST_NAME, Math.max(...cells.map(([name = '']) => textWidth(name))));
  const lines = cells.map(
    ([name = '', ...rest]) =>
      padEnd(truncate(name, first), first) + rest.map((c, i) => padStart(c, i < 3 ? 13 : 9)).join(''),
  );
  if (rows.length > MOST_ROWS)
    lines.push(`(the ${MOST_ROWS} with the lowest f1 of ${rows.length}; all in result.json)`);
  return lines;
}
