import { counted } from '../base/words.ts';
import { resultExhibits } from '../protocol/exhibits-codec.ts';
import type { GroupRecord, RunBrief } from '../record/index.ts';
import type { GroupResult, MemberResult, Part } from '../study/groups/result.ts';
import type { GroupShown, GroupWords } from '../study/groups/view.ts';
import { escapeText } from './escape.ts';
import { clock, engineLabel, metric, runId } from './format.ts';
import { viewLines, viewMarkdown } from './group-sections.ts';
import { cell, table } from './markdown-table.ts';
import type { Charts } from './reporter.ts';
import type { Row } from './row.ts';
import { metricText } from './summary.ts';
import { exhibitBlocks, exhibitRows } from './terminal-exhibits.ts';
import { columnWidths, padEnd, padStart, textWidth, truncate } from './width.ts';

const PARTS: readonly Part[] = ['test', 'validation', 'train'];
const WIDTH = 80;
/** Columns of metrics beside each run, at most; and runs that a terminal shows. */
const MOST_METRICS = 4;
const MOST_RUNS = 20;

type Replicates = NonNullable<GroupResult['metrics']['test']>[string];

export const groupMark = ({ status, expectations }: GroupResult): string =>
  status === 'interrupted' ? '■' : status === 'failed' || expectations?.some((e) => !e.passed) ? '✗' : '✓';

/** `0.9806 ± 0.0069 [0.9720, 0.9891]`: mean, standard deviation, interval of the mean. */
export const replicatesText = ({ value, deviation, interval }: Replicates): string =>
  metric(value) +
  (deviation === undefined ? '' : ` ± ${metric(deviation)}`) +
  (interval ? ` [${metric(interval[0])}, ${metric(interval[1])}]` : '');

/**
 * What stays on screen after the runs of a group: what its kind shows; else means, then each run in a line.
 */
export const groupLines = (
  group: string,
  result: GroupResult,
  { view, words, charts = 'braille' }: GroupShown & { readonly charts?: Charts } = {},
): string[] => (view ? viewLines(group, result, view, charts) : meansLines(group, result, words));

function meansLines(group: string, result: GroupResult, words: GroupWords | undefined): string[] {
  const rows = groupRows(group, result, words);
  const width = Math.max(13, ...rows.map((r) => textWidth(r.label)));
  return [
    titleOf(group, result),
    ...rows.map((r) => `  ${padEnd(r.label, width)}  ${r.text}`.trimEnd()),
    '',
    ...memberLines(result, words),
  ];
}

function titleOf(group: string, result: GroupResult): string {
  const name = group.split(/[\\/]/).filter(Boolean).at(-2) ?? 'group';
  const { completed, runs } = result;
  const of = completed === runs ? counted(runs, 'run') : `${completed} of ${counted(runs, 'run')}`;
  const facts = [of, clock(result.seconds), ...(result.engine ? [engineLabel(result.engine)] : [])];
  return `${groupMark(result)} ${escapeText(name)} ${runId(group)}   ${facts.join(', ')}`;
}

/** The part that the headline metrics are of. */
export const shownPart = ({ metrics }: Pick<GroupResult, 'metrics'>): Part | undefined =>
  PARTS.find((part) => Object.keys(metrics[part] ?? {}).length > 0);

function groupRows(group: string, result: GroupResult, words: GroupWords | undefined): Row[] {
  const part = shownPart(result);
  const left = new Set(result.expectations ?? []);
  const rows: Row[] = [];
  const put = (label: string, text: string) => rows.push({ label, text });
  for (const [name, found] of Object.entries((part && result.metrics[part]) ?? {})) {
    const label = `${part}.${name}`;
    const marks: string[] = [];
    for (const e of [...left]) {
      if (e.text.split(/[\s<>=!]/)[0] !== label) continue;
      left.delete(e);
      marks.push(`  ${e.passed ? '✓' : '✗'} expected ${escapeText(e.text.slice(label.length).trim())}`);
    }
    put(escapeText(label), replicatesText(found) + marks.join(''));
  }
  for (const e of left)
    put(`expected ${e.passed ? '✓' : '✗'}`, `${escapeText(e.text)}, found ${metric(e.found)}`);
  if (result.final)
    for (const [i, [name, found]] of Object.entries(result.final.metrics?.test ?? {}).entries())
      put(
        i === 0 ? (words?.apartMetrics ?? 'apart') : '',
        `${padEnd(escapeText(`test.${name}`), 18)} ${metricText(found)}`,
      );
  if (typeof result.baselines?.text === 'string') put('simpler model', escapeText(result.baselines.text));
  rows.push(...exhibitRows(resultExhibits(result)));
  if (part && result.completed > 1) put('brackets', escapeText(result.interval.text));
  put('folder', escapeText(group));
  if (result.status !== 'completed') put('next', `mlx resume ${runId(group)}`);
  return rows;
}

export const MARKS: Readonly<Record<string, string>> = {
  completed: '✓',
  failed: '✗',
  interrupted: '■',
  running: '▶',
  died: '†',
};

function memberLines(result: GroupResult, words: GroupWords | undefined): string[] {
  const part = shownPart(result);
  const metrics = Object.entries((part && result.metrics[part]) ?? {}).slice(0, MOST_METRICS);
  const shown = result.members.slice(0, MOST_RUNS);
  const head = ['run', '', ...metrics.map(([name]) => escapeText(name))];
  const rows = shown.map((member, i) => [
    `${MARKS[member.status ?? ''] ?? '·'} ${runId(member.run)}`,
    escapeText(member.label),
    ...metrics.map(([, { values }]) => (values[i] === null ? '-' : metric(values[i]))),
  ]);
  const widths = columnWidths([head, ...rows]);
  const padded = (text = '', i: number) => (i < 2 ? padEnd : padStart)(text, widths[i] ?? 0);
  const line = (row: readonly string[], member?: MemberResult) => {
    const text = row.map(padded).join('  ');
    const why = member && memberText(member);
    return `  ${why ? truncate(`${row.slice(0, 2).map(padded).join('  ')}  ${why}`, WIDTH) : text}`.trimEnd();
  };
  if (result.final) {
    const why = memberText(result.final);
    const mark = MARKS[result.final.status ?? ''] ?? '·';
    rows.push([
      `${mark} ${runId(result.final.run)}`,
      `${words?.apart.line ?? escapeText(result.final.label)}${why ? `  ${why}` : ''}`,
      ...metrics.map(() => ''),
    ]);
  }
  const more = result.members.length - shown.length;
  return [
    line(head),
    ...rows.map((row, i) => line(row, shown[i])),
    ...(more > 0 ? [`  … ${more} more in --json`] : []),
  ];
}

/** Of a run that gave no numbers: why. */
export function memberText({ status, error }: MemberResult): string | undefined {
  if (status === 'completed') return undefined;
  if (error) return `${escapeText(error.code)}: ${escapeText(error.message)}`;
  return status ?? 'not begun';
}

/** `mlx show` of a group: what it came to, its runs, what else is known of it. */
export function groupDetails(
  group: string,
  status: RunBrief['status'],
  { manifest, tags, note, problems }: GroupRecord,
  result: GroupResult,
  shown: GroupShown = {},
): string[] {
  const lines = groupLines(group, result, shown);
  const over = status === 'running' || status === 'died';
  const rows: [string, string][] = [
    ...(over ? ([['status', status]] as [string, string][]) : []),
    ...(manifest ? ([['started', manifest.started]] as [string, string][]) : []),
    ...(tags.length > 0 ? ([['tags', tags.join(' ')]] as [string, string][]) : []),
    ...(note === '' ? [] : ([['note', note]] as [string, string][])),
    ...problems.map((problem): [string, string] => ['damaged', problem]),
  ];
  for (const block of exhibitBlocks(resultExhibits(result)))
    lines.push('', ...block.map((line) => `  ${line}`));
  return [...lines, '', ...rows.map(([a, b]) => `  ${padEnd(a, 13)}  ${escapeText(b)}`)];
}

/** The same for `$GITHUB_STEP_SUMMARY`. */
export const groupMarkdown = (
  group: string,
  result: GroupResult,
  { view, words }: GroupShown = {},
): string => (view ? viewMarkdown(group, result, view) : meansMarkdown(group, result, words));

function meansMarkdown(group: string, result: GroupResult, words: GroupWords | undefined): string {
  const part = shownPart(result);
  const metrics = Object.entries((part && result.metrics[part]) ?? {});
  const rows = groupRows(group, result, words).map((r) => [r.label, r.text]);
  const members = result.members.map((member, i) => [
    runId(member.run),
    escapeText(member.label),
    ...(memberText(member) === undefined
      ? metrics.map(([, { values }]) => metric(values[i]))
      : [memberText(member)!, ...metrics.slice(1).map(() => '')]),
  ]);
  const head = ['run', '', ...metrics.map(([name]) => escapeText(name))];
  return [
    `### ${cell(titleOf(group, result))}`,
    '',
    ...table([['', ''], ...rows], ['---', '---']),
    '',
    ...table([head, ...members], ['---', '---', ...metrics.map(() => '---:')]),
    '',
    '',
  ].join('\n');
}
