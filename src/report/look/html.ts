import type { ColumnLook, Look } from '../../data/index.ts';
import { count, short } from '../format.ts';
import { auditSection } from '../page/audit.ts';
import { html } from '../page/html.ts';
import { pageOf, section } from '../page/page.ts';
import { strip } from '../page/png.ts';
import { COLORS } from '../page/style.ts';
import { columnSpec, correlationSpec, missingSpec, scatterSpec, targetSpec, toSvg } from './charts.ts';
import { drifting, share, valueText } from './terminal.ts';

/** Columns drawn; more would only make the page large. All of them are in the table. */
const MOST_DRAWN = 60;
const MOST_LISTED = 500;

/**
 * The look as one page that needs nothing else: pictures are SVG text, no script runs, and its policy allows
 * neither scripts nor network.
 */
export async function lookHtml(look: Look): Promise<string> {
  const sections = [
    head(look),
    auditSection(look.audit),
    await targetSection(look),
    imagesSection(look),
    tableSection(look),
    await missingSection(look),
    await columnsSection(look),
    relationSection(look),
    await correlationSection(look),
    outlierSection(look),
    await scatterSection(look),
    filesSection(look),
  ];
  return pageOf(`${look.name}: a look at the data`, sections.filter(Boolean).join('\n'));
}

function head({ name, source, rows, split, target, task }: Look): string {
  const parts = (['train', 'validation', 'test'] as const).filter((part) => rows[part] > 0);
  const key = parts.map((part) => `<span class="${part}">■ ${part} ${count(rows[part])}</span>`).join('');
  return `<h1>${html(name)}</h1>
<p>${html(source)} · ${html(task)} of <b>${html(target.name)}</b> · split: ${html(split)}</p>
<p class="key">${key}</p>`;
}

async function drawn(spec: Record<string, unknown> | undefined, what: string): Promise<string> {
  if (!spec) return '';
  const svg = await toSvg(spec);
  return svg.replace('<svg ', `<svg role="img" aria-label="${html(what)}" `);
}

async function targetSection(look: Look): Promise<string> {
  const { classes } = look.target;
  const why = classes
    ? 'Shares of the classes in each part. Where one class is rare, accuracy says little: look at recall and F1.'
    : 'The distribution of what is predicted, in each part.';
  return section('Target', why, await drawn(targetSpec(look), `distribution of the target`));
}

function imagesSection({ images }: Look): string {
  if (!images) return '';
  const { height, width, channels, rows } = images;
  const lines = rows.map(
    ({ label, pixels }) =>
      `<tr><td>${html(label)}</td><td>${pixels.length > 0 ? `<img alt="${pixels.length} training images of ${html(label)}" src="data:image/png;base64,${strip(pixels, height, width, channels).toString('base64')}">` : ''}</td></tr>`,
  );
  return section(
    'Images',
    'The first training images of each class, as the source has them.',
    `<table>${lines.join('\n')}</table>`,
  );
}

function tableSection(look: Look): string {
  const { columns } = look;
  if (!columns) return '';
  const lines = columns.slice(0, MOST_LISTED).map((column) => {
    const { name, kind, missing, distinct, numbers: n, levels } = column;
    const values = n
      ? `${[n.min, n.q1, n.median, n.q3, n.max].map((v) => html(valueText(column, v))).join(' · ')}`
      : kind === 'text'
        ? ''
        : (levels?.names ?? []).slice(0, 4).map(html).join(', ');
    const deviation = n && kind === 'number' ? `${short(n.mean, 4)} ± ${short(n.std, 3)}` : '';
    return `<tr><td>${html(name)}</td><td>${kind}</td><td class="n">${share(missing.train ?? 0)}</td><td class="n">${count(distinct)}</td><td>${values}</td><td>${deviation}</td></tr>`;
  });
  const more =
    columns.length > MOST_LISTED ? `<p>and ${count(columns.length - MOST_LISTED)} more columns</p>` : '';
  return section(
    'Columns',
    'Training rows, before any feature step. Numbers: minimum, quartiles, maximum; mean ± standard deviation.',
    `<table><tr><th>column</th><th>kind</th><th class="n">missing</th><th class="n">different</th><th>values</th><th>mean ± std</th></tr>${lines.join('\n')}</table>${more}`,
  );
}

async function missingSection({ columns }: Look): Promise<string> {
  const spec = columns && missingSpec(columns);
  if (!spec) return '';
  return section(
    'Missing values',
    'Share of rows without a value. If one part lacks more than another, ask how the rows were collected.',
    await drawn(spec, 'missing values by column'),
  );
}

function driftText(column: ColumnLook, drifts: readonly ColumnLook[]): string {
  const { drift } = column;
  if (!drift) return '';
  const name = drift.test === 'ks' ? 'KS' : 'χ²';
  return `${name} ${short(drift.statistic, 3)}, p ${drift.p < 1e-4 ? '&lt; 0.0001' : drift.p.toFixed(4)}${drifts.includes(column) ? ' <b>drift</b>' : ''}`;
}

async function columnsSection(look: Look): Promise<string> {
  const { columns } = look;
  if (!columns) return '';
  const drifts = drifting(look);
  const cards: string[] = [];
  for (const column of columns.slice(0, MOST_DRAWN)) {
    const picture = await drawn(columnSpec(column), `distribution of ${column.name}`);
    if (picture)
      cards.push(
        `<div class="card"><h3>${html(column.name)}</h3><p class="soft">${driftText(column, drifts)}</p>${picture}</div>`,
      );
  }
  const most = columns.length > MOST_DRAWN ? ` The first ${MOST_DRAWN} columns are drawn.` : '';
  return section(
    'Distributions in each part',
    `Bars and blue: training rows. Training and test are compared by Kolmogorov and Smirnov's test (numbers) or chi-squared (categories); <b>drift</b> stands where p is below 0.01 over the number of columns.${most}`,
    `<div class="grid">${cards.join('\n')}</div>`,
  );
}

function relationSection({ columns, target }: Look): string {
  const related = (columns ?? [])
    .filter((c) => c.relation !== undefined)
    .sort((a, b) => b.relation! - a.relation!);
  if (related.length === 0) return '';
  const bar = (value: number) =>
    `<svg role="img" aria-label="${value.toFixed(2)}" width="160" height="10"><rect width="160" height="10" fill="${COLORS.validation}" opacity="0.25"/><rect width="${(160 * value).toFixed(1)}" height="10" fill="${COLORS.train}"/></svg>`;
  const lines = related
    .slice(0, 20)
    .map(
      ({ name, relation }) =>
        `<tr><td>${html(name)}</td><td>${bar(relation!)}</td><td class="n">${relation!.toFixed(3)}</td></tr>`,
    );
  const measure = target.classes ? 'mean recall beyond guessing' : 'R²';
  return section(
    'Strongest relations to the target',
    `How well a column alone tells the target of rows held out of the training part: ${measure}, from 0 to 1. Test rows weren’t looked at. A value near 1 is seldom luck: ask whether the column is known before the target is.`,
    `<table>${lines.join('\n')}</table>`,
  );
}

async function correlationSection({ correlations }: Look): Promise<string> {
  if (!correlations) return '';
  return section(
    'Correlations',
    'Pearson’s r of numbers, training rows that have both values. Pairs near 1 or -1 say the same twice.',
    await drawn(correlationSpec(correlations), 'correlations of numbers'),
  );
}

function outlierSection({ columns }: Look): string {
  const outlying = (columns ?? []).filter(({ numbers }) => (numbers?.outliers ?? 0) > 0);
  if (outlying.length === 0) return '';
  const lines = outlying.slice(0, 40).map((column) => {
    const { name, numbers: n } = column;
    const farthest = n!.farthest
      .map(({ row, value }) => `row ${count(row)}: ${html(valueText(column, value))}`)
      .join(', ');
    return `<tr><td>${html(name)}</td><td class="n">${count(n!.outliers)}</td><td>${farthest}</td></tr>`;
  });
  return section(
    'Outliers',
    'Training values more than 3 interquartile ranges beyond the quartiles: errors of measurement, other units, or the interesting cases.',
    `<table><tr><th>column</th><th class="n">rows</th><th>farthest</th></tr>${lines.join('\n')}</table>`,
  );
}

async function scatterSection(look: Look): Promise<string> {
  const { scatter } = look;
  if (!scatter) return '';
  const pictures: string[] = [];
  for (const [i, { method }] of scatter.projections.entries())
    pictures.push(await drawn(scatterSpec(look, i), `${method} of training rows`));
  return section(
    look.columns ? 'All columns at once' : 'All images at once',
    `${count(scatter.colors.length)} training rows, coloured by the target. Distances between far groups mean nothing in UMAP and t-SNE; PCA keeps them, but shows only what its two components explain.`,
    `<div class="row">${pictures.join('\n')}</div>`,
  );
}

function filesSection({ files }: Look): string {
  const lines = files
    .slice(0, 50)
    .map(
      ({ name, bytes, sha256 }) =>
        `<tr><td>${html(name)}</td><td class="n">${count(bytes)}</td><td><code>${html(sha256)}</code></td></tr>`,
    );
  return section(
    'Files',
    'What was looked at, by content.',
    `<table><tr><th>file</th><th class="n">bytes</th><th>sha256</th></tr>${lines.join('\n')}</table>`,
  );
}
