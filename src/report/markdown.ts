import type { Exhibit } from '../protocol/exhibits.ts';
import { resultExhibits } from '../protocol/exhibits-codec.ts';
import { exhibitMarkdown } from './markdown-exhibits.ts';
import { cell, table } from './markdown-table.ts';
import type { RunState } from './store.ts';
import { statusLine, summaryRows } from './summary.ts';

/** The summary as GitHub Markdown, for `$GITHUB_STEP_SUMMARY`; empty before the run has ended. */
export function summaryMarkdown(state: RunState, exhibits: readonly Exhibit[] = []): string {
  const result = state.completed?.result;
  if (!result) return '';
  const rows = summaryRows(state, exhibits).map((r) => [r.label, r.text]);
  const lines = [
    `### ${cell(statusLine(state))}`,
    '',
    ...table([['', ''], ...rows], ['---', '---']),
    '',
    ...exhibitMarkdown([...resultExhibits(result), ...exhibits]),
  ];
  return `${lines.join('\n')}\n`;
}
