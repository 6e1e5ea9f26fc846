import type { Position } from '../errors.ts';
import { escapeText } from './escape.ts';
import { charWidth } from './width.ts';

const TAB = 4;
/** Cells of source text in a frame; longer lines are cut around the column. */
const ROOM = 96;

/** One character as it is shown; `start` is its index (UTF-16) in the line. */
interface Cell {
  readonly text: string;
  readonly width: number;
  readonly start: number;
}

function cells(line: string): Cell[] {
  const out: Cell[] = [];
  let start = 0;
  let at = 0;
  for (const char of line) {
    const text = char === '\t' ? ' '.repeat(TAB - (at % TAB)) : escapeText(char);
    const width = text === char ? charWidth(char) : text.length;
    out.push({ text, width, start });
    start += char.length;
    at += width;
  }
  return out;
}

/** A stretch of at most `ROOM` cells that holds the wanted one; cut ends are shown as `…`. */
function cut(all: readonly Cell[], wanted: number): Cell[] {
  if (all.reduce((sum, c) => sum + c.width, 0) <= ROOM) return [...all];
  let from = Math.min(wanted, all.length);
  const widthOf = (at: number) => all[at]?.width ?? 0;
  for (let left = ROOM / 3; from > 0 && left - widthOf(from - 1) >= 0; from--) left -= widthOf(from - 1);
  let to = from;
  for (let left = ROOM; to < all.length && left - widthOf(to) >= 0; to++) left -= widthOf(to);
  const mark = (start: number): Cell => ({ text: '…', width: 1, start });
  return [
    ...(from > 0 ? [mark(-1)] : []),
    ...all.slice(from, to),
    ...all.slice(to, to + 1).map(({ start }) => mark(start)),
  ];
}

/** Long lines are measured only this far around the column, further than a cut one is shown. */
const NEAR = 3 * ROOM;

/** The stretch of a line around the column `target`, and where it begins. */
function near(text: string, target: number): { text: string; offset: number } {
  const offset = Math.max(0, Math.min(target, text.length) - NEAR);
  return { text: text.slice(offset, target + NEAR), offset };
}

/** The text as it was written, the line before it and a caret line; empty where the line isn't there. */
export function codeFrame(source: string, { line, column, length }: Position): string[] {
  const lines = source.split(/\r\n|\n|\r/);
  const whole = lines[line - 1];
  if (whole === undefined) return [];
  const { text, offset } = near(whole, column - 1);
  const gutter = String(line).length;
  const row = (label: string, body: string) => `  ${label.padStart(gutter)} | ${body}`.trimEnd();
  const out: string[] = [];

  const all = cells(text);
  const target = column - 1 - offset;
  const found = all.findLastIndex((c) => c.start <= target && target < text.length);
  const wanted = found < 0 ? all.length : found;
  const shown = cut(all, wanted);
  const isCut = shown[0]?.start === -1;
  const before = lines[line - 2];
  if (before !== undefined && before.trim() !== '' && !isCut) {
    const context = cells(near(before, 0).text);
    out.push(
      row(
        String(line - 1),
        cut(context, 0)
          .map((c) => c.text)
          .join(''),
      ),
    );
  }
  out.push(row(String(line), shown.map((c) => c.text).join('')));

  const end = target + Math.max(1, length ?? 1);
  let indent = 0;
  let under = 0;
  for (const c of shown) {
    if (c.start < (all[wanted]?.start ?? text.length)) indent += c.width;
    else if (c.start < end) under += c.width;
  }
  out.push(row('', ' '.repeat(indent) + '^'.repeat(Math.max(1, under))));
  return out;
}

/** Lines of ours that may carry a user's text: escaped, but their own line breaks kept. */
export const escapeLines = (text: string): string[] => text.split('\n').map(escapeText);
