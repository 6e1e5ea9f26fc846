import { classCells, MOST_CLASSES, mistakeLabel, mistakes, rowNoun, shownClasses } from './confusion.ts';
import { escapeText } from './escape.ts';
import type { RunState } from './store.ts';
import { statusLine, summaryRows } from './summary.ts';

// Table cells: what would end a cell, start a tag, a link, a mention or a format is written as an entity.
export const cell = (text: string): string =>
  text.replace(/[&<>|`*_[\]\\@#~!]/g, (c) => `&#${c.charCodeAt(0)};`);

/** A table whose first row is its head. */
export const table = (rows: readonly (readonly string[])[], align: readonly string[]): string[] => {
  const [head = '', ...body] = rows.map((cells) => `| ${cells.map(cell).join(' | ')} |`);
  return [head, `| ${align.join(' | ')} |`, ...body];
};

/** Aligns the first column to the left and the others, numbers, to the right. */
export const firstToTheLeft = ([head = []]: readonly (readonly string[])[]): string[] =>
  head.map((_, i) => (i === 0 ? '---' : '---:'));

/** The summary as GitHub Markdown, for `$GITHUB_STEP_SUMMARY`; empty before the run has ended. */
export function summaryMarkdown(state: RunState): string {
  const result = state.completed?.result;
  if (!result) return '';
  const lines = [`### ${cell(statusLine(state))}`, ''];
  const rows = summaryRows(state).map((r) => [r.label, r.text]);
  lines.push(...table([['', ''], ...rows], ['---', '---']), '');
  if (result.per_class && result.per_class.length > 0) {
    const cells = classCells(shownClasses(result.per_class), rowNoun(result));
    lines.push(...table(cells, firstToTheLeft(cells)), '');
  }
  if (result.confusion && result.confusion.classes.length > 0) {
    const { classes, counts } = result.confusion;
    if (classes.length > MOST_CLASSES) {
      const top = mistakes(result.confusion).slice(0, MOST_CLASSES);
      lines.push(`Most frequent mistakes: ${top.map((m) => cell(mistakeLabel(m))).join(', ')}`, '');
    } else {
      const head = ['truth \\ prediction', ...classes.map(escapeText)];
      const body = counts.map((row, i) => [escapeText(classes[i] ?? ''), ...row.map(String)]);
      lines.push(...table([head, ...body], ['---', ...classes.map(() => '---:')]), '');
    }
  }
  return `${lines.join('\n')}\n`;
}
