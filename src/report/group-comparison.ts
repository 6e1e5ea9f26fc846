import type { Difference } from '../study/comparison.ts';
import type { GroupComparison, GroupDifference } from '../study/groups/compare.ts';
import { differenceCells, pText, type Section, signed, tableLines } from './comparison.ts';
import { MARKER } from './comparison-markdown.ts';
import { escapeText } from './escape.ts';
import { count, metric } from './format.ts';
import { cell, firstToTheLeft, table } from './markdown-table.ts';
import { padEnd } from './width.ts';

/** What GitHub takes as a comment, less the room for a last line. */
const MOST = 64_000;
const SIGNS = { better: '✅', worse: '❌', refused: '⚠️', 'no difference shown': '➖' } as const;

/** `mlx compare` of groups in a terminal. */
export function groupComparisonLines(c: GroupComparison): string[] {
  const lines = c.groups.map(
    (g) =>
      `${padEnd(g.label, 3)}${escapeText(g.name)}/${escapeText(g.id)}  ${count(g.completed)} of ${count(g.runs)} ${escapeText(g.kind)}` +
      `${g.status === 'completed' ? '' : ` (${g.status})`}${g.problems.length > 0 ? ' (damaged)' : ''}`,
  );
  lines.push(`same ${groupSameText(c)}`);
  for (const { title, rows } of groupSections(c)) lines.push('', ...tableLines(title, rows));
  lines.push('', ...c.verdicts.map((v) => `verdict  ${groupVerdictText(v, c)}`));
  return lines;
}

/** What the groups have in common. */
export function groupSameText({ config, data, environment, same_config }: GroupComparison): string {
  const same = [config.length === 0 ? 'config' : `${count(same_config)} config values`];
  if (data.length === 0) same.push('data', 'split');
  if (environment.length === 0) same.push('engine', 'versions', 'machine');
  return same.join(', ');
}

/** All tables, only with what differs. */
export function groupSections(c: GroupComparison): Section[] {
  const labels = c.groups.map(({ label }) => label);
  const found: Section[] = [];
  const differing = (title: string, all: readonly Difference[]) => {
    const rows = all.map(differenceCells);
    if (rows.length > 0) found.push({ title, rows: [[title, ...labels], ...rows] });
  };
  differing('config', c.config);
  differing('data', c.data);
  differing('environment', c.environment);
  for (const part of ['test', 'validation', 'train']) {
    const metrics = c.metrics.filter(({ name }) => name.startsWith(`${part}.`));
    const compared = c.against.filter(
      (a): a is GroupDifference =>
        !('refused' in a) && a.metrics.some(({ name }) => name.startsWith(`${part}.`)),
    );
    const head = [part, ...labels, ...compared.map((a) => `${a.group}-${labels[0]} [95%]`)];
    const rows = metrics.map(({ name, values }) => [
      escapeText(name.slice(part.length + 1)),
      ...values.map((v) =>
        v ? metric(v.value) + (v.deviation === undefined ? '' : ` ± ${metric(v.deviation)}`) : '-',
      ),
      ...compared.map((a) => deltaText(a.metrics.find((m) => m.name === name))),
    ]);
    if (rows.length > 0) found.push({ title: part, rows: [head, ...rows] });
  }
  return found;
}

function deltaText(found: GroupDifference['metrics'][number] | undefined): string {
  if (!found || found.difference === null) return 'n/a';
  const { difference, interval } = found;
  return signed(difference) + (interval ? ` [${signed(interval[0])}, ${signed(interval[1])}]` : '');
}

export function groupVerdictText(
  v: GroupComparison['verdicts'][number],
  { groups, against }: GroupComparison,
): string {
  const first = groups[0]?.label;
  if (v.verdict === 'refused') return `${v.group}: refused: ${escapeText(v.reason ?? '')}`;
  const corrected = against.length > 1 ? `, Holm's correction for ${against.length} comparisons` : '';
  const why = ` (${escapeText(v.metric ?? '')}, ${v.test}, ${pText(v.p ?? 1)}${corrected})`;
  return v.verdict === 'no difference shown'
    ? `${v.group} against ${first}: no difference shown${why}`
    : `${v.group} is ${v.verdict} than ${first}${why}`;
}

/** The same as a comment of a pull request, below GitHub's limit. */
export function groupComparisonMarkdown(c: GroupComparison): string {
  const head = [
    MARKER,
    `### mlx compare: ${c.groups.map((g) => `${g.label} ${cell(`${g.name}/${g.id}`)}`).join(', ')}`,
    '',
    ...c.verdicts.map((v) => `- ${SIGNS[v.verdict]} ${cell(groupVerdictText(v, c))}`),
    '',
    `Baseline ${c.groups[0]?.label}; mean ± standard deviation over runs; same ${cell(groupSameText(c))}.`,
    '',
  ];
  let text = `${head.join('\n').slice(0, MOST / 2)}\n`;
  let dropped = false;
  for (const { rows } of groupSections(c)) {
    const part = `${table(rows, firstToTheLeft(rows)).join('\n')}\n\n`;
    if (text.length + part.length > MOST) dropped = true;
    else text += part;
  }
  return dropped ? `${text}_Some tables were left out: they would not fit a comment._\n` : text;
}
