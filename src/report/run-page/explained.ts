import type { Explanation } from '../../evaluate/explain/index.ts';
import { count, metric } from '../format.ts';
import { cut, html, table } from '../page/html.ts';
import { type Axis, chart, dot, line, linear, marks } from '../page/svg.ts';
import type { RunPage } from './index.ts';
import { titled, whisker } from './parts.ts';
import { PALETTE } from './style.ts';

const MOST_COLUMNS = 20;
const MOST_CHARTS = 6;
const MOST_LINES = 8;

type Dependence = NonNullable<Explanation['dependence']>[number];

/** What `mlx explain` found, where it was asked: which columns count, and how the answer moves with them. */
export function explainedSection({ explanation }: RunPage): string {
  const { importance, dependence = [], split, looked } = explanation ?? {};
  if (!importance || importance.columns.length === 0) return '';
  const ends = importance.columns.flatMap(({ mean, interval }) => [mean, ...(interval ?? [])]);
  const scale = [Math.min(0, ...ends), Math.max(0, ...ends)] as const;
  const rows = importance.columns.slice(0, MOST_COLUMNS).map(({ column, mean, interval }) => {
    const other = !interval || interval[0] <= 0;
    return [html(cut(column, 60)), metric(mean), whisker(mean, interval, scale, { zero: 0, other })];
  });
  const why = `How much ${html(importance.metric.replaceAll('_', ' '))} gets worse when a column is shuffled among ${count(looked ?? 0)} ${html(split ?? '')} examples, ${count(importance.repeats)} times: what the network has nothing else for counts most. Columns that say the same share it.`;
  const charts = dependence.slice(0, MOST_CHARTS).map(dependenceChart).filter(Boolean);
  const partial =
    charts.length > 0
      ? `<h3>How the answer moves</h3><p class="soft">The mean of what the network says if every example had this value: partial dependence. It tells nothing of values that don’t occur together.</p>${legend(dependence[0]!)}<div class="charts">${charts.join('\n')}</div>`
      : '';
  const body = `${table(['column', 'importance', '95% interval'], rows, { numeric: [1], label: 'importance of columns' })}${partial}`;
  return titled('What it looks at', 'explain/model.json', why, body);
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
