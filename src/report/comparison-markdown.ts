import type { Comparison } from '../study/comparison.ts';
import { baselineOf, sameText, sections, verdictText } from './comparison.ts';
import { cell, firstToTheLeft, table } from './markdown-table.ts';

/** By it a CI job finds its earlier comment and replaces it. */
export const MARKER = '<!-- mlx-compare -->';
/** What GitHub takes as a comment, in characters; the rest is left for its own counting. */
const MOST = 65_000;
const SIGNS = { better: '✅', worse: '❌', refused: '⚠️', 'no difference shown': '➖' } as const;

/**
 * A comparison as a comment of a pull request: the verdicts first, tables folded away; always below the
 * limit.
 */
export function comparisonMarkdown(c: Comparison): string {
  const head = [
    MARKER,
    `### mlx compare: ${c.runs.map((r) => `${r.label} ${cell(`${r.name}/${r.id}`)}`).join(', ')}`,
    '',
    ...c.verdicts.map((v) => `- ${SIGNS[v.verdict]} ${cell(verdictText(v, c))}`),
    '',
    `Baseline ${baselineOf(c).label}; same ${cell(sameText(c))}.`,
    '',
  ];
  const left = '_Some tables were left out: they would not fit a comment. `mlx compare --json` has all._\n';
  let text = `${head.join('\n')}\n`;
  if (text.length > MOST - left.length)
    text = `${text.slice(0, MOST - left.length).replace(/\n[^\n]*$/, '')}\n\n`;
  let dropped = false;
  for (const { title, rows } of sections(c)) {
    const lines = table(rows, firstToTheLeft(rows));
    const open = title === 'test' || title === 'config';
    const body = `${lines.join('\n')}\n\n`;
    const part = open ? body : `<details><summary>${cell(title)}</summary>\n\n${body}</details>\n\n`;
    if (text.length + part.length > MOST - left.length) dropped = true;
    else text += part;
  }
  return dropped ? text + left : text;
}
