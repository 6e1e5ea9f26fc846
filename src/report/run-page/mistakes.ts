import type { ExamplesExhibit, ImageSize, ShownExample } from '../../protocol/exhibits.ts';
import { count, metric } from '../format.ts';
import { cut, html, table } from '../page/html.ts';
import { exampleText } from './confusion.ts';
import { percent, picture, titled } from './parts.ts';

const PICTURES = 24;
const ROWS = 20;
const COLUMNS = 12;
/** From here on a value is read as prose. */
const PROSE = 80;

/** What the model was most wrong about. */
export function worstSection(held: ExamplesExhibit): string {
  const exact = held.answers === 'exact';
  const list = exact ? held.list.filter((e) => e.truth !== e.prediction) : held.list;
  if (list.length === 0) return '';
  const of = held.looked < held.count ? ` of ${count(held.looked)} of the ${count(held.count)}` : '';
  const why = exact
    ? `Mistakes on ${held.part} examples${of} by falling loss: the surest ones first. Is the network wrong here, or the label?`
    : `The ${held.part} examples${of} with the largest loss. Is the network wrong here, or the number that was written down?`;
  const prose =
    !held.image && list.slice(0, ROWS).some((e) => e.values?.some((v) => (v?.length ?? 0) > PROSE));
  const body = held.image ? shots(list, held.image) : prose ? texts(list, held) : rows(list, held);
  return titled(exact ? 'Worst mistakes' : 'Largest errors', 'exhibits.json', why, body);
}

function shots(list: readonly ShownExample[], image: ImageSize): string {
  const figures = list.slice(0, PICTURES).map((e) => {
    const sure = e.confidence === undefined ? '' : `${percent(e.confidence)} sure<br>`;
    return `<figure>${picture(e.pixels ?? '', image, exampleText(e))}<figcaption><b>${html(cut(e.truth, 24))} → ${html(cut(e.prediction, 24))}</b><br>${sure}id ${html(e.id)}</figcaption></figure>`;
  });
  return `<div class="shots">${figures.join('\n')}</div>`;
}

function rows(list: readonly ShownExample[], { columns = [], answers }: ExamplesExhibit): string {
  const exact = answers === 'exact';
  const shown = columns.slice(0, COLUMNS);
  // Of several labels nobody can say how sure they are together.
  const sure = !exact || list.some((e) => e.confidence !== undefined);
  const head = [
    'id',
    'truth',
    'predicted',
    ...(sure ? [exact ? 'sure' : 'error'] : []),
    'loss',
    ...shown.map((c) => html(cut(c, 24))),
  ];
  const lines = list
    .slice(0, ROWS)
    .map((e) => [
      html(e.id),
      `<b>${html(cut(e.truth, 40))}</b>`,
      html(cut(e.prediction, 40)),
      ...(sure ? [exact ? (e.confidence === undefined ? '' : percent(e.confidence)) : error(e)] : []),
      metric(e.loss),
      ...(e.values ?? [])
        .slice(0, COLUMNS)
        .map((v) => (v === null ? '<span class="soft">–</span>' : html(cut(v, 48)))),
    ]);
  return table(head, lines, { numeric: sure ? [3, 4] : [3], label: 'examples with the largest loss' });
}

function error({ truth, prediction }: ShownExample): string {
  const value = Number(prediction) - Number(truth);
  return Number.isFinite(value) ? `${value > 0 ? '+' : ''}${metric(value)}` : '';
}

function texts(list: readonly ShownExample[], { columns = [] }: ExamplesExhibit): string {
  return list
    .slice(0, ROWS)
    .map((e) => {
      const values = (e.values ?? []).map(
        (v, i) =>
          `<blockquote><span class="soft">${html(cut(columns[i] ?? '', 24))}</span> ${v === null ? '–' : html(v)}</blockquote>`,
      );
      return `<div class="cell"><h4>${html(cut(e.truth, 40))} → ${html(cut(e.prediction, 40))} <span>id ${html(e.id)}, ${e.confidence === undefined ? '' : `${percent(e.confidence)} sure, `}loss ${metric(e.loss)}</span></h4>${values.join('')}</div>`;
    })
    .join('\n');
}
