import type { Confusion } from '../protocol/metric-values.ts';
import { escapeText } from './escape.ts';
import { compact, count } from './format.ts';
import { padEnd, padStart, textWidth, truncate } from './width.ts';

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

const MOST_MISTAKES = 5;

/** `4→9 ×11, 7→2 ×8`: as many as fit the line, at most five. */
export function mistakesText(confusion: Confusion): string {
  const all = mistakes(confusion);
  const total = all.reduce((sum, m) => sum + m.count, 0);
  let text = '';
  for (const m of all.slice(0, MOST_MISTAKES)) {
    const next = (text === '' ? '' : `${text}, `) + mistakeLabel(m);
    if (text !== '' && textWidth(next) > WIDTH - 35) break;
    text = next;
  }
  return text === '' ? '' : `${text}  (${count(total)} in all)`;
}
