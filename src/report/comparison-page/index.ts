import type { Exhibits } from '../../record/index.ts';
import type { Comparison } from '../../study/comparison.ts';
import { sameText, sections, verdictText } from '../comparison.ts';
import { html, table } from '../page/html.ts';
import { pageOf } from '../page/page.ts';
import { RUN_STYLE } from '../run-page/style.ts';
import { curvesOf } from './curves.ts';
import { flipBlocks } from './flips.ts';
import { metricTable } from './metrics.ts';
import { sectionTable, verdictLine } from './parts.ts';

/** Exhibits of the runs, in their order; pictures and rows of flips come from there. */
export type ComparedExhibits = readonly (Exhibits | undefined)[];

/** `mlx compare --html`: the verdicts first, then only what differs. */
export function comparisonPage(c: Comparison, exhibits: ComparedExhibits): string {
  const [baseline] = c.runs;
  const names = c.runs.map((r) => `${r.label} ${r.name}/${r.id}`);
  const body = [
    `<header><h1>${c.runs.length === 2 ? 'Two runs' : `${c.runs.length} runs`} against each other</h1>`,
    runList(c),
    ...c.verdicts.map((v) => verdictLine(v.verdict, verdictText(v, c))),
    `<p class="soft">The same in all: ${html(sameText(c))}. The baseline is ${html(baseline?.label ?? '')}. “Better” and “worse” are said only of the same test examples and under a paired test.</p></header>`,
    `<main>${parts(c, exhibits).join('\n')}</main>`,
  ];
  return pageOf(`${names.slice(0, 4).join(' · ')}: comparison`, body.join('\n'), RUN_STYLE);
}

function runList({ runs }: Comparison): string {
  const rows = runs.map((r) => [
    `<b>${html(r.label)}</b>`,
    `${html(r.name)}/${html(r.id)}`,
    html(r.status),
    r.problems.map(html).join('; '),
  ]);
  return `<div class="tight">${table([], rows, { label: 'runs' })}</div>`;
}

function parts(c: Comparison, exhibits: ComparedExhibits): string[] {
  const found: string[] = [];
  const add = (title: string, body: string) => {
    if (body !== '') found.push(`<section><h2>${title}</h2>${body}</section>`);
  };
  add('Test metrics', metricTable(c));
  const tables = sections(c).filter(({ title }) => title !== 'test' && !title.startsWith('flips'));
  const drawn = (title: string) => {
    const one = tables.find((t) => t.title === title);
    return one ? sectionTable(one.rows, title) : '';
  };
  add('Config', drawn('config'));
  add('Curves', curvesOf(c));
  for (const flips of flipBlocks(c, exhibits)) add(flips.title, flips.body);
  for (const { title, rows } of tables.filter((t) => /^(class|label) f1 /.test(t.title)))
    add(html(title), sectionTable(rows, title));
  for (const title of ['validation', 'train', 'cost', 'data', 'environment'])
    add(HEADINGS[title] ?? title, drawn(title));
  return found;
}

const HEADINGS: Readonly<Record<string, string>> = {
  validation: 'Validation metrics',
  train: 'Training metrics',
  cost: 'Cost',
  data: 'Data',
  environment: 'Environment',
};
