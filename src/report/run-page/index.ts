import { auditSection } from '../page/audit.ts';
import { html } from '../page/html.ts';
import { pageOf } from '../page/page.ts';
import { configSection } from './config.ts';
import { confusionSection } from './confusion.ts';
import { rankedSection, reliabilitySection } from './curves.ts';
import { dataSection } from './data.ts';
import { explainedSection } from './explained.ts';
import { fitSection } from './fit.ts';
import { head } from './head.ts';
import { metricsSection } from './metrics.ts';
import { worstSection } from './mistakes.ts';
import { networkSection } from './network.ts';
import { provenanceSection } from './provenance.ts';
import { regionSection } from './regions.ts';
import type { RunPage } from './run-page.ts';
import { RUN_STYLE } from './style.ts';
import { trainingSection } from './training.ts';
import { verdictSection } from './verdicts.ts';

/** A part of the page: '' where the run has nothing for it. */
type Part = (page: RunPage) => string;

/** In the order of the questions that readers ask. The name is that of its link, and of its place. */
const PARTS: readonly (readonly [name: string, id: string, part: Part])[] = [
  ['Verdicts', 'verdicts', verdictSection],
  ['Metrics', 'metrics', metricsSection],
  ['Training', 'training', trainingSection],
  ['Confusion', 'confusion', confusionSection],
  ['Errors', 'fit', fitSection],
  ['Worst', 'worst', worstSection],
  ['ROC and PR', 'ranking', rankedSection],
  ['Calibration', 'calibration', reliabilitySection],
  ['Decision regions', 'regions', regionSection],
  ['Explained', 'explained', explainedSection],
  ['Network', 'network', networkSection],
  ['Data', 'data', dataSection],
  ['Audit', 'audit', ({ record }) => (record.result?.audit ? auditSection(record.result.audit) : '')],
  ['Config', 'config', configSection],
  ['Reproduce', 'reproduce', provenanceSection],
];

/** `report.html`: what was asked, what happened, and how to get it again. */
export function runPage(page: RunPage): string {
  const parts = PARTS.map(([name, id, part]) => ({ name, id, body: guarded(name, () => part(page)) })).filter(
    ({ body }) => body !== '',
  );
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
