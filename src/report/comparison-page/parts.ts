import { html, table } from '../page/html.ts';

const MARKS = { better: '✓', worse: '✗', refused: '!', 'no difference shown': '=' } as const;

/** A verdict told by its word and its sign, not by its colour alone. */
export function verdictLine(verdict: keyof typeof MARKS, text: string): string {
  const cls = verdict === 'better' ? 'good' : verdict === 'worse' ? 'bad' : '';
  return `<p class="say"><span class="status ${cls}">${MARKS[verdict]} ${html(verdict)}</span> ${html(text)}</p>`;
}

/** Cells that are safe to print. The first row is the head, its first cell the title again. */
export function sectionTable(rows: readonly (readonly string[])[], label: string): string {
  const [head = [], ...body] = rows;
  const cells = body.map((row) => row.map(html));
  return `<div class="tight">${table(['', ...head.slice(1).map(html)], cells, { label })}</div>`;
}
