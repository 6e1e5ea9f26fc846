import type { Comparison } from '../../study/comparison.ts';
import { sameText, sections, verdictText } from '../comparison.ts';
import { html } from '../page/html.ts';
import { curvesOf } from './curves.ts';
import { type ComparedExhibits, flipBlocks } from './flips.ts';
import { metricTable } from './metrics.ts';
import { comparedPage, sectionTable } from './parts.ts';

/** `mlx compare --html`: the verdicts first, then only what differs. */
export const comparisonPage = (c: Comparison, exhibits: ComparedExhibits): string =>
  comparedPage({
    what: c.runs.length === 2 ? 'Two runs' : `${c.runs.length} runs`,
    label: 'runs',
    each: c.runs,
    more: c.runs.map((r) => [html(r.status), r.problems.map(html).join('; ')]),
    verdicts: c.verdicts.map((v) => ({ verdict: v.verdict, text: verdictText(v, c) })),
    same: sameText(c),
    said: '“Better” and “worse” are said only of the same test examples and under a paired test.',
    sections: parts(c, exhibits),
  });

function parts(c: Comparison, exhibits: ComparedExhibits): { title: string; body: string }[] {
  const found: { title: string; body: string }[] = [];
  const add = (title: string, body: string) => {
    if (body !== '') found.push({ title, body });
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
