import type { Column } from '../../readers/raw-data.ts';

const LONGEST = 600;
const DAY = 86_400_000;

/** A value of a table as text; missing ones are null. */
export function textOf(value: number, column?: Column): string | null {
  if (Number.isNaN(value)) return null;
  switch (column?.kind) {
    case 'category':
      return value < 0 ? '(a level that no training row has)' : cut(column.levels?.[value] ?? '');
    case 'text':
      return cut(column.levels?.[value] ?? '');
    case 'binary':
      return value === 0 ? 'false' : 'true';
    case 'date':
      return dateText(value);
    default:
      return String(Number(value.toPrecision(6)));
  }
}

const cut = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);

/** Days since 1970 as a day, with the time where it has one: right to 1.5 minutes. */
function dateText(days: number): string | null {
  const date = new Date(Math.round(days * DAY));
  if (Number.isNaN(date.getTime())) return null;
  const text = date.toISOString();
  return Number.isInteger(days) ? text.slice(0, 10) : text.slice(0, 16).replace('T', ' ');
}
