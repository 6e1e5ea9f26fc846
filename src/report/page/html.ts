import { escapeText } from '../escape.ts';

/** Text as HTML text or the inside of a quoted attribute, whatever is in it. */
export const html = (text: string): string =>
  escapeText(text).replace(/[&<>"'`]/g, (c) => `&#${c.charCodeAt(0)};`);

/** Lines as they were written, each safe. */
export const htmlLines = (text: string): string =>
  text
    .split(/\r?\n/)
    .map((line) => html(line.replaceAll('\t', '    ')))
    .join('\n');

/** As much of a text as a narrow place takes. */
export const cut = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most - 1)}…` : text;

export const code = (text: string): string => `<code>${html(text)}</code>`;

/** A table that scrolls by itself where it is wider than the page, by keyboard as well. Cells are HTML. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  { numeric = [], label = '' }: { readonly numeric?: readonly number[]; readonly label?: string } = {},
): string {
  const cls = (i: number) => (numeric.includes(i) ? ' class="n"' : '');
  const line = (cells: readonly string[], tag: string) =>
    `<tr>${cells.map((cell, i) => `<${tag}${cls(i)}>${cell}</${tag}>`).join('')}</tr>`;
  const top = head.length > 0 ? `<thead>${line(head, 'th')}</thead>` : '';
  return `<div class="scroll" tabindex="0" role="region" aria-label="${html(label || 'table')}"><table>${top}<tbody>${rows.map((row) => line(row, 'td')).join('\n')}</tbody></table></div>`;
}
