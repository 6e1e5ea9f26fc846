import { resultExhibits } from '../../protocol/exhibits-codec.ts';
import { auditSection } from '../page/audit.ts';
import { html } from '../page/html.ts';
import { pageOf } from '../page/page.ts';
import { configSection } from './config.ts';
import { dataSection } from './data.ts';
import { drawnIn } from './exhibits.ts';
import { explainedSection } from './explained.ts';
import { head } from './head.ts';
import { metricsSection } from './metrics.ts';
import { provenanceSection } from './provenance.ts';
import type { RunPage } from './run-page.ts';
import { RUN_STYLE } from './style.ts';
import { trainingSection } from './training.ts';
import { verdictSection } from './verdicts.ts';

/**
 * A section of the page: what its own part says, then the exhibits that belong there. It is left out where
 * both are empty.
 */
interface Section {
  /** Of its link, and of its place. */
  readonly name: string;
  readonly id: string;
  readonly part?: (page: RunPage) => string;
}

/** In the order of the questions that readers ask. */
const SECTIONS: readonly Section[] = [
  { name: 'Verdicts', id: 'verdicts', part: verdictSection },
  { name: 'Metrics', id: 'metrics', part: metricsSection },
  { name: 'Training', id: 'training', part: trainingSection },
  { name: 'Confusion', id: 'confusion' },
  { name: 'Errors', id: 'fit' },
  { name: 'Worst', id: 'worst' },
  { name: 'ROC and PR', id: 'ranking' },
  { name: 'Calibration', id: 'calibration' },
  { name: 'Decision regions', id: 'regions' },
  { name: 'Explained', id: 'explained', part: explainedSection },
  { name: 'Network', id: 'network' },
  { name: 'Data', id: 'data', part: dataSection },
  {
    name: 'Audit',
    id: 'audit',
    part: ({ record }) => (record.result?.audit ? auditSection(record.result.audit) : ''),
  },
  { name: 'Config', id: 'config', part: configSection },
  { name: 'Reproduce', id: 'reproduce', part: provenanceSection },
];

const bodyOf = ({ id, part }: Section, page: RunPage): string =>
  [part?.(page) ?? '', ...drawnIn(id, page)].filter((text) => text !== '').join('\n');

/** What the folder has; what the result shows by itself is added. */
type PageOf = Omit<RunPage, 'exhibits'> & Partial<Pick<RunPage, 'exhibits'>>;

/** `report.html`: what was asked, what happened, and how to get it again. */
export function runPage(run: PageOf): string {
  const { result } = run.record;
  const page = { ...run, exhibits: [...(result ? resultExhibits(result) : []), ...(run.exhibits ?? [])] };
  const parts = SECTIONS.map((section) => ({
    ...section,
    body: guarded(section.name, () => bodyOf(section, page)),
  })).filter(({ body }) => body !== '');
  const links = parts.map(({ name, id }) => `<a href="#${id}">${name}</a>`).join('');
  const body = [
    `<header>${guarded('The head', () => head(page))}</header>`,
    `<nav aria-label="Sections">${links}</nav>`,
    `<main>${parts.map(({ id, body }) => `<section id="${id}">${body}</section>`).join('\n')}</main>`,
  ];
  return pageOf(`${page.record.name} ${page.record.id}: report`, body.join('\n'), RUN_STYLE);
}

/** A file that somebody has changed spoils its own part of the page alone. */
function guarded(name: string, part: () => string): string {
  try {
    return part();
  } catch {
    return `<h2>${html(name)}</h2><p>What the folder has for this part is damaged.</p>`;
  }
}
