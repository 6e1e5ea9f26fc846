import { csvCell, type RunBrief } from '../record/index.ts';
import type { ListedRun } from '../study/list/list.ts';
import { escapeText } from './escape.ts';
import { clock, count, metric, short } from './format.ts';
import { columnWidths, padEnd, padStart, truncate } from './width.ts';

const MARKS: Readonly<Record<RunBrief['status'], string>> = {
  completed: '✓',
  failed: '✗',
  interrupted: '■',
  running: '▶',
  died: '†',
};
const LONGEST = 40;
/** As many metrics have a column by themselves. */
const METRICS = 2;

/** A table of runs for a terminal; `columns` adds to what is always shown. */
export function listLines(runs: readonly ListedRun[], columns: readonly string[]): string[] {
  const shown = columns.length > 0 ? columns : commonMetrics(runs);
  const head = ['  run', 'status', 'started', 'time', 'epochs', ...shown, 'tags'];
  const rows = runs.map(({ run, values, group }) => [
    `${MARKS[run.status]} ${label(run)}`,
    run.status + (run.problems.length > 0 ? ' (damaged)' : ''),
    typeof values.started === 'string' ? escapeText(values.started.slice(0, 16).replace('T', ' ')) : '-',
    typeof values.seconds === 'number' ? clock(values.seconds) : '-',
    group === undefined ? epochsOf(run) : escapeText(group),
    ...shown.map((name) => cell(name, values[name])),
    run.tags.map((tag) => truncate(escapeText(tag), LONGEST)).join(' '),
  ]);
  const widths = columnWidths([head, ...rows]);
  const left = new Set([0, 1, 2, head.length - 1]);
  return [head.map(escapeText), ...rows].map((row) =>
    row
      .map((text, i) => (left.has(i) ? padEnd : padStart)(text, widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

const label = ({ name, id }: RunBrief): string => `${escapeText(truncate(name, LONGEST))}/${escapeText(id)}`;

function epochsOf({ result, started, last }: RunBrief): string {
  const done = result?.epochs ?? last?.epoch;
  if (done === undefined) return '-';
  return started && started.epochs !== done ? `${count(done)}/${count(started.epochs)}` : count(done);
}

function cell(name: string, value: string | number | null | undefined): string {
  if (value === undefined) return '-';
  if (typeof value === 'string') return truncate(escapeText(value), LONGEST);
  return name.includes('.') || value === null ? metric(value) : short(value);
}

/** The metrics of the test split that most runs have, loss after the others. */
function commonMetrics(runs: readonly ListedRun[]): string[] {
  const counts = new Map<string, number>();
  for (const { values } of runs)
    for (const name of Object.keys(values))
      if (name.startsWith('test.') && !name.endsWith('.deviation'))
        counts.set(name, (counts.get(name) ?? 0) + 1);
  const rank = (name: string) => (name === 'test.loss' ? 0 : counts.get(name)!);
  return [...counts.keys()].sort((a, b) => rank(b) - rank(a)).slice(0, METRICS);
}

/** Every quantity of every run, one column each; what a spreadsheet would run as a formula is text. */
export function listCsv(runs: readonly ListedRun[]): string {
  const names = [...new Set(runs.flatMap(({ values }) => Object.keys(values)))];
  const rows = runs.map(({ run, values }) => [
    ...names.map((name) => values[name] ?? ''),
    run.tags.join(' '),
    run.note,
  ]);
  return [[...names, 'tags', 'note'], ...rows].map((row) => `${row.map(csvCell).join(',')}\n`).join('');
}

/** One JSON object a run. */
export const listJson = (runs: readonly ListedRun[]): string =>
  runs
    .map(({ run, values }) => {
      const { folder, tags, note, problems } = run;
      return `${JSON.stringify({ run: folder.replaceAll('\\', '/'), ...values, tags, note, problems })}\n`;
    })
    .join('');
