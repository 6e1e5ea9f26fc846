import { counted } from '../base/words.ts';
import type { GroupResult } from '../study/groups/result.ts';
import type { GroupSection, GroupView, Phrase, Piece, SectionKind } from '../study/groups/view.ts';
import { escapeText } from './escape.ts';
import { clock, count, metric, runId } from './format.ts';
import { plotLines } from './group-plot.ts';
import { cell, table } from './markdown-table.ts';
import type { Charts } from './reporter.ts';
import { padEnd, padStart, textWidth } from './width.ts';

type Section<K extends SectionKind> = Extract<GroupSection, { kind: K }>;

const signed = (value: number): string => (value > 0 ? '+' : '') + metric(value);

function pieceText(piece: Piece): string {
  if (typeof piece === 'string') return escapeText(piece);
  if (typeof piece === 'number') return metric(piece);
  if ('count' in piece) return count(piece.count);
  const text = piece.signed ? signed : metric;
  const [low, high] = piece.interval;
  return `${text(piece.value)} [${text(low)}, ${text(high)}]`;
}

const phraseText = (phrase: Phrase): string => phrase.map(pieceText).join('');

const cellsOf = ({ head, rows }: Section<'table'>): string[][] => [
  head.map(escapeText),
  ...rows.map((row) => row.map(phraseText)),
];

const TERMINAL: { [K in SectionKind]: (section: Section<K>, charts: Charts) => string[] } = {
  table(section) {
    const rows = cellsOf(section);
    const widths = section.head.map((_, i) => Math.max(...rows.map((row) => textWidth(row[i] ?? ''))));
    return rows.map((row) => row.map((text, i) => padStart(text, widths[i] ?? 0)).join('  '));
  },
  plot: plotLines,
  notes: ({ rows }) => rows.map(({ label, text }) => `${padEnd(label, 10)}  ${phraseText(text)}`),
};

const MARKDOWN: { [K in SectionKind]: (section: Section<K>) => string[] } = {
  table: (section) =>
    table(
      cellsOf(section),
      section.head.map(() => '---:'),
    ),
  plot: () => [],
  notes: ({ rows }) =>
    rows.map(({ label, text }) => `- ${label === '' ? '' : `**${cell(label)}** `}${cell(phraseText(text))}`),
};

const draw = <K extends SectionKind>(section: Section<K>, charts: Charts): string[] =>
  TERMINAL[section.kind as K](section, charts);
const drawMarkdown = <K extends SectionKind>(section: Section<K>): string[] =>
  MARKDOWN[section.kind as K](section);

/** A group by what its kind shows, in a terminal. */
export function viewLines(group: string, result: GroupResult, view: GroupView, charts: Charts): string[] {
  const lines = [titleOf(group, result, view)];
  for (const section of view.sections) lines.push('', ...draw(section, charts).map((line) => `  ${line}`));
  return [
    ...lines,
    ...problems(result).map((text) => `  failed      ${text}`),
    `  folder      ${escapeText(group)}`,
    ...(result.status === 'completed' ? [] : [`  next        mlx resume ${runId(group)}`]),
  ];
}

/** The same as Markdown. */
export function viewMarkdown(group: string, result: GroupResult, view: GroupView): string {
  const lines = [`### ${cell(titleOf(group, result, view))}`, ''];
  for (const drawn of view.sections.map(drawMarkdown)) if (drawn.length > 0) lines.push(...drawn, '');
  lines.push(...problems(result).map((text) => `- failed: ${cell(text)}`));
  return `${lines.join('\n').trimEnd()}\n`;
}

function titleOf(
  group: string,
  { status, completed, runs, seconds }: GroupResult,
  { what, facts, note }: GroupView,
): string {
  const name = escapeText(group.split(/[\\/]/).filter(Boolean).at(-2) ?? 'config');
  const mark = status === 'completed' ? '✓' : status === 'interrupted' ? '■' : '✗';
  const of = completed === runs ? counted(runs, 'run') : `${count(completed)} of ${counted(runs, 'run')}`;
  const all = [of, ...facts.map(escapeText), clock(seconds)].join(', ');
  return `${mark} ${escapeText(what)} ${name} ${runId(group)}   ${all}; ${escapeText(note)}`;
}

const problems = ({ members }: GroupResult): string[] =>
  members.flatMap(({ label, error }) =>
    error ? [`${escapeText(label)}: ${escapeText(error.code)}: ${escapeText(error.message)}`] : [],
  );
