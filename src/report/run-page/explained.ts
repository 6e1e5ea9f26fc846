import type { Explanation, ImageExplanation, RowExplanation } from '../../evaluate/explain/index.ts';
import type { Explanations } from '../../record/index.ts';
import { count, metric } from '../format.ts';
import { cut, html, table } from '../page/html.ts';
import { PALETTE } from '../page/style.ts';
import { type Axis, chart, dot, line, linear, marks } from '../page/svg.ts';
import { dataUri, diverging, sane, sheet, titled, whisker } from './parts.ts';
import type { RunPage } from './run-page.ts';

const MOST_COLUMNS = 20;
const MOST_CHARTS = 6;
const MOST_LINES = 8;
const MOST_CLASSES = 12;

type Dependence = NonNullable<Explanation['dependence']>[number];

/**
 * What `mlx explain` found, where it was asked: which columns count, how the answer moves with them, examples
 * that tell.
 */
export function explainedSection({ explanations }: RunPage): string {
  if (!explanations) return '';
  const { model, examples, more } = explanations;
  const left = more === 0 ? '' : `<p class="soft">${count(more)} more in explain/.</p>`;
  const parts = [
    model ? columnsBlock(model) : '',
    model?.extremes ? extremesBlock(model.extremes, explanations) : '',
    ...examples.map(exampleBlock),
    left,
  ].filter((part) => part !== '');
  return parts.length === 0 ? '' : titled('What it looks at', 'explain/', '', parts.join('\n'));
}

function columnsBlock({ importance, dependence = [], split, looked }: Explanation): string {
  if (!importance || importance.columns.length === 0) return '';
  const ends = importance.columns.flatMap(({ mean, interval }) => [mean, ...(interval ?? [])]);
  const scale = [Math.min(0, ...ends), Math.max(0, ...ends)] as const;
  const rows = importance.columns.slice(0, MOST_COLUMNS).map(({ column, mean, interval }) => {
    const other = !interval || interval[0] <= 0;
    return [html(cut(column, 60)), metric(mean), whisker(mean, interval, scale, { zero: 0, other })];
  });
  const why = `How much ${html(importance.metric.replaceAll('_', ' '))} gets worse when a column is shuffled among ${count(looked)} ${html(split)} examples, ${count(importance.repeats)} times: what the network has nothing else for counts most. Columns that say the same share it.`;
  const charts = dependence.slice(0, MOST_CHARTS).map(dependenceChart).filter(Boolean);
  const partial =
    charts.length > 0
      ? `<h3>How the answer moves</h3><p class="soft">The mean of what the network says if every example had this value: partial dependence. It tells nothing of values that don’t occur together.</p>${legend(dependence[0]!)}<div class="charts">${charts.join('\n')}</div>`
      : '';
  return `<p class="soft">${why}</p>${table(['column', 'importance', '95% interval'], rows, { numeric: [1], label: 'importance of columns' })}${partial}`;
}

/** Of pictures a sheet of them, else their ids. */
function extremesBlock(
  extremes: NonNullable<Explanation['extremes']>,
  { typical, wrong }: Explanations,
): string {
  const shown = extremes.slice(0, MOST_CLASSES);
  const list = (all: (typeof extremes)[number]['typical'], said: boolean) =>
    all
      .map(
        ({ id, score, prediction }) =>
          `${html(String(id))} <span class="soft">(${said ? `${html(cut(prediction, 20))}, ` : ''}${metric(score)})</span>`,
      )
      .join(', ');
  const rows = shown.map((one) => [
    html(cut(one.class, 40)),
    list(one.typical, false),
    list(one.wrong, true),
  ]);
  const pictures = [
    [typical, 'most typical'],
    [wrong, 'most wrong'],
  ] as const;
  const sheets = pictures.flatMap(([bytes, what]) =>
    bytes
      ? [
          `<figure><img class="sheet" alt="${what} examples, a row for each class" src="${dataUri(bytes)}"><figcaption>${what}, a row for each class</figcaption></figure>`,
        ]
      : [],
  );
  const pair = sheets.length > 0 ? `<div class="maps">${sheets.join('')}</div>` : '';
  return `<h3>Typical and wrong examples</h3><p class="soft">Of each class the examples that get the highest score of it, and those that get the lowest, by id with that score: what the network takes the class to be.</p>${table(['class', 'most typical', 'most wrong'], rows, { label: 'typical and wrong examples' })}${pair}`;
}

function exampleBlock({ example, split }: Explanation): string {
  if (!example) return '';
  const { id, truth, prediction, class: about } = example;
  const head = `<h3>Example ${html(String(id))} of ${html(split)}: ${html(cut(truth, 40))}, taken for ${html(cut(prediction, 40))}</h3>`;
  return head + (example.kind === 'row' ? rowBlock(example, about) : imageBlock(example, about));
}

function rowBlock({ columns, score }: RowExplanation, about: string): string {
  const most = Math.max(...columns.map(({ effect }) => Math.abs(effect)));
  const rows = columns
    .slice(0, MOST_COLUMNS)
    .map(({ column, value, effect }) => [
      html(cut(column, 60)),
      html(cut(value, 60)),
      `${effect > 0 ? '+' : ''}${metric(effect)}`,
      whisker(effect, undefined, [-most, most], { zero: 0 }),
    ]);
  return `<p class="soft">What each value does to the score of ${html(cut(about, 40))}, ${metric(score)}: the score less its mean when the column takes the values of other examples.</p>${table(['column', 'value', 'effect', ''], rows, { numeric: [2], label: 'effects of values' })}`;
}

function imageBlock(example: ImageExplanation, about: string): string {
  const { height, width, channels, pixels, saliency, integrated_gradients, occlusion } = example;
  if (!sane(height, width, channels)) return '';
  const grey = Uint8Array.from(
    { length: height * width * 3 },
    (_, i) => pixels[Math.floor(i / 3) * channels + Math.min(i % 3, channels - 1)]!,
  );
  const heat = (values: readonly number[]) => {
    const most = Math.max(...values.map(Math.abs)) || 1;
    return Uint8Array.from(values.flatMap((value) => diverging(value / most)));
  };
  const tiles = [grey, heat(saliency), heat(integrated_gradients.values), heat(occlusion.values)];
  const scale = Math.max(1, Math.floor(140 / Math.max(height, width)));
  const drawn = sheet(tiles, height, width, {
    across: 4,
    scale,
    alt: `what speaks for ${about} in example ${example.id}`,
  });
  const sum = integrated_gradients;
  const check = sum.complete
    ? ''
    : ` Attributions add up to ${metric(sum.sum)}, the outputs differ by ${metric(sum.difference)}: take them with care.`;
  return `<p class="soft">The picture, saliency, integrated gradients and occlusion, for ${html(cut(about, 40))}: orange speaks for it, blue against it.${check}</p>${drawn}`;
}

function legend({ outputs }: Dependence): string {
  if (outputs.length < 2) return '';
  const names = outputs
    .slice(0, MOST_LINES)
    .map(
      ({ name }, k) =>
        `<span><svg viewBox="0 0 22 10" aria-hidden="true"><path class="c${k % PALETTE.length}" d="M0 5H22"/></svg>${html(cut(name, 30))}</span>`,
    );
  return `<p class="legend">${names.join('')}</p>`;
}

function dependenceChart({ column, kind, grid, outputs }: Dependence): string {
  const numbers = grid.every((value) => typeof value === 'number');
  const at = numbers ? (grid as readonly number[]) : grid.map((_, i) => i);
  const title = cut(column, 40);
  const shown = outputs.slice(0, MOST_LINES);
  const spread = linear(at, title);
  const names = grid.map((value, i) => ({ at: i, text: cut(String(value), 14) }));
  const x: Axis =
    numbers && kind !== 'date' ? spread : { ...spread, ticks: numbers ? [] : names.slice(0, 6) };
  const y = linear(shown.flatMap(({ values }) => values));
  const drawn = chart(`what is said by ${title}`, { x, y, height: 200 }, (plot) =>
    shown
      .map(({ values }, k) => {
        const points = values.map((value, i) => [at[i]!, value] as const);
        const cls = `c${k % PALETTE.length}`;
        return numbers ? line(plot, points, cls) : marks(plot, points, `k${k % PALETTE.length}`, dot(4));
      })
      .join(''),
  );
  return `<figure>${drawn}</figure>`;
}
