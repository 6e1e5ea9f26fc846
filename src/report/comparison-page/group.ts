import type { GroupComparison } from '../../study/groups/compare.ts';
import { count } from '../format.ts';
import { groupSameText, groupSections, groupVerdictText } from '../group-comparison.ts';
import { html } from '../page/html.ts';
import { comparedPage, sectionTable } from './parts.ts';

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
  const place = (title: string) => (ORDER.includes(title) ? ORDER.indexOf(title) : ORDER.length);
  const tables = groupSections(c).sort((a, b) => place(a.title) - place(b.title));
  return comparedPage({
    what: `${c.groups.length} groups of runs`,
    label: 'groups',
    each: c.groups,
    more: c.groups.map((g) => [
      `${count(g.completed)} of ${count(g.runs)} ${html(g.kind)}`,
      html(g.status),
      g.problems.map(html).join('; '),
    ]),
    verdicts: c.verdicts.map((v) => ({ verdict: v.verdict, text: groupVerdictText(v, c) })),
    same: groupSameText(c),
    said: 'Mean ± standard deviation over the runs of a group.',
    sections: tables.map(({ title, rows }) => ({
      title: TITLES[title] ?? html(title),
      body: sectionTable(rows, title),
    })),
  });
}
