import type { GroupComparison } from '../../study/group/compare.ts';
import { count } from '../format.ts';
import { groupSameText, groupSections, groupVerdictText } from '../group-comparison.ts';
import { html, table } from '../page/html.ts';
import { pageOf } from '../page/page.ts';
import { RUN_STYLE } from '../run-page/style.ts';
import { sectionTable, verdictLine } from './parts.ts';

const TITLES: Readonly<Record<string, string>> = {
  test: 'Test metrics',
  validation: 'Validation metrics',
  train: 'Training metrics',
  config: 'Config',
  data: 'Data',
  environment: 'Environment',
};
/** In this order; a table of another name comes last. */
const ORDER = Object.keys(TITLES);

/** `mlx compare --html` of groups of runs: seeds or folds against each other. */
export function groupComparisonPage(c: GroupComparison): string {
  const groups = c.groups.map((g) => [
    `<b>${html(g.label)}</b>`,
    `${html(g.name)}/${html(g.id)}`,
    `${count(g.completed)} of ${count(g.runs)} ${html(g.kind)}`,
    html(g.status),
    g.problems.map(html).join('; '),
  ]);
  const place = (title: string) => (ORDER.includes(title) ? ORDER.indexOf(title) : ORDER.length);
  const tables = groupSections(c).sort((a, b) => place(a.title) - place(b.title));
  const body = [
    `<header><h1>${c.groups.length} groups of runs against each other</h1>`,
    `<div class="tight">${table([], groups, { label: 'groups' })}</div>`,
    ...c.verdicts.map((v) => verdictLine(v.verdict, groupVerdictText(v, c))),
    `<p class="soft">Mean ± standard deviation over the runs of a group. The same in all: ${html(groupSameText(c))}. The baseline is ${html(c.groups[0]?.label ?? '')}.</p></header>`,
    `<main>${tables.map(({ title, rows }) => `<section><h2>${TITLES[title] ?? html(title)}</h2>${sectionTable(rows, title)}</section>`).join('\n')}</main>`,
  ];
  const names = c.groups.map((g) => `${g.label} ${g.name}/${g.id}`);
  return pageOf(`${names.slice(0, 4).join(' · ')}: comparison`, body.join('\n'), RUN_STYLE);
}
