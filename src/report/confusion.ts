import type { TestEvent } from '../protocol/events.ts';
import type { ClassRow } from '../protocol/metric-values.ts';
import { escapeText } from './escape.ts';
import { compact, metric } from './format.ts';
import { padEnd, padStart, textWidth, truncate } from './width.ts';

type Confusion = NonNullable<TestEvent['confusion']>;

/** Above this many classes a matrix no longer fits 80 columns; then only the commonest mistakes are shown. */
export const MOST_CLASSES = 12;
const WIDTH = 80;
const LONGEST_NAME = 16;

export interface Mistake {
  readonly truth: string;
  readonly predicted: string;
  readonly count: number;
}

/** What was taken for what, most frequent first; ties in the order of the classes. */
export function mistakes({ classes, counts }: Confusion): Mistake[] {
  const found: Mistake[] = [];
  for (const [i, truth] of classes.entries())
    for (const [j, predicted] of classes.entries()) {
      const count = counts[i]?.[j] ?? 0;
      if (i !== j && count > 0) found.push({ truth, predicted, count });
    }
  return found.sort((a, b) => b.count - a.count);
}

export const mistakeLabel = (m: Mistake): string =>
  `${escapeText(m.truth)}→${escapeText(m.predicted)} ×${m.count}`;

/** Rows are truth, columns prediction; `·` is none. At most 80 columns for at most 12 classes. */
export function confusionLines({ classes, counts }: Confusion): string[] {
  const names = classes.map(escapeText);
  const first = Math.min(LONGEST_NAME, Math.max(5, ...names.map(textWidth)));
  const exact = Math.max(...counts.flat().map((n) => String(n).length));
  const room = Math.floor((WIDTH - 2 - first) / names.length);
  const cell = exact + 1 <= room ? String : compact;
  const numbers = counts.map((row) => row.map((n) => (n === 0 ? '·' : cell(n))));
  const widest = Math.max(...numbers.flat().map(textWidth), ...names.map((n) => Math.min(8, textWidth(n))));
  const width = Math.min(room, widest + 2);
  const line = (name: string, cells: readonly string[]) =>
    padEnd(truncate(name, first), first) + cells.map((c) => padStart(truncate(c, width - 1), width)).join('');
  return [line('truth', names), ...numbers.map((row, i) => line(names[i] ?? '', row))];
}

const COLUMNS = ['precision', 'sensitivity', 'specificity', 'f1'] as const;

/** Above `MOST_CLASSES` classes only those with the lowest f1, worst first. */
export function shownClasses(rows: readonly ClassRow[]): readonly ClassRow[] {
  if (rows.length <= MOST_CLASSES) return rows;
  return [...rows].sort((a, b) => (a.f1 ?? -1) - (b.f1 ?? -1)).slice(0, MOST_CLASSES);
}

/** What the rows of `per_class` are: classes have a confusion matrix, labels have none. */
export const rowNoun = ({ confusion }: Pick<TestEvent, 'confusion'>): 'class' | 'label' =>
  confusion ? 'class' : 'label';

/** Head and cells of the per-class table. */
export function classCells(rows: readonly ClassRow[], noun: 'class' | 'label' = 'class'): string[][] {
  return [
    [noun, ...COLUMNS, 'support'],
    ...rows.map((row) => [
      escapeText(row.class),
      ...COLUMNS.map((c) => (row[c] === null ? '-' : metric(row[c]))),
      String(row.support),
    ]),
  ];
}

export function classLines(rows: readonly ClassRow[], noun: 'class' | 'label' = 'class'): string[] {
  const cells = classCells(shownClasses(rows), noun);
  const first = Math.min(LONGEST_NAME, Math.max(...cells.map(([name = '']) => textWidth(name))));
  const lines = cells.map(
    ([name = '', ...rest]) =>
      padEnd(truncate(name, first), first) + rest.map((c, i) => padStart(c, i < 3 ? 13 : 9)).join(''),
  );
  if (rows.length > MOST_CLASSES)
    lines.push(`(the ${MOST_CLASSES} with the lowest f1 of ${rows.length}; all in result.json)`);
  return lines;
}
