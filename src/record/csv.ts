const NUMBER = /^[+-]?\d+(\.\d+)?$/;

/**
 * RFC 4180: quoted where needed; text that a spreadsheet would run as a formula gets a leading apostrophe.
 */
export function csvCell(value: string | number): string {
  const text = String(value);
  const safe = typeof value === 'string' && /^[=+\-@]/.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return csvQuoted(safe);
}

/** The same without a look at formulas: of cells that `csvCell` made, read again. */
export const csvQuoted = (text: string): string =>
  /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

/**
 * The rows of a CSV text (RFC 4180), the head included. The apostrophe of `csvCell` stays: only its writer
 * knows whether it was there before.
 * @throws Error with a sentence about what is wrong
 */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    let cell: string;
    if (text[at] === '"') {
      let end = at + 1;
      while (end < text.length && !(text[end] === '"' && text[end + 1] !== '"'))
        end += text[end] === '"' ? 2 : 1;
      if (end >= text.length) throw new Error(`a quoted cell in row ${rows.length + 1} has no end`);
      cell = text.slice(at + 1, end).replaceAll('""', '"');
      at = end + 1;
    } else {
      const end = at + (/[,\n]/.exec(text.slice(at, at + 1024))?.index ?? rest(text, at));
      cell = text.slice(at, end).replace(/\r$/, '');
      at = end;
    }
    row.push(cell);
    if (text[at] === ',') {
      at++;
      if (at < text.length && text[at] !== '\n') continue;
      row.push('');
    }
    if (text.startsWith('\r\n', at)) at++;
    if (at < text.length && text[at] !== '\n')
      throw new Error(`a quoted cell in row ${rows.length + 1} goes on after its end`);
    at++;
    rows.push(row);
    row = [];
  }
  return rows;
}

/** A cell longer than the piece that is usually looked at. */
function rest(text: string, at: number): number {
  const found = text.slice(at).search(/[,\n]/);
  return found < 0 ? text.length - at : found;
}
