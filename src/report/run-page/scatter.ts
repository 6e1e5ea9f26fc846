import type { ScatterExhibit } from '../../protocol/exhibits.ts';
import { metric } from '../format.ts';
import { cut, html } from '../page/html.ts';
import { chart, dot, line, linear, marks } from '../page/svg.ts';
import { titled } from './parts.ts';

const SQUARE = { width: 380, height: 300 };
const BINS = 24;

/** Truth against prediction, and how the errors lie. */
export function scatterSection({ plots }: ScatterExhibit): string {
  if (plots.length === 0) return '';
  const body = plots.map(({ name, points }) => {
    const finite = points.filter(([t, p]) => Number.isFinite(t) && Number.isFinite(p));
    if (finite.length === 0) return '';
    const all = linear(finite.flat());
    const plane = chart(
      `prediction against truth of ${name}`,
      { x: { ...all, title: 'truth' }, y: { ...all, title: 'prediction' }, ...SQUARE },
      (plot) =>
        `<path class="l-line" d="M${plot.x(all.from)} ${plot.y(all.from)}L${plot.x(all.to)} ${plot.y(all.to)}"/>${marks(plot, finite, 'dots', dot(2.5))}`,
    );
    const errors = finite.map(([t, p]) => p - t);
    return `<h3>${html(cut(name, 60))}</h3><div class="charts"><figure>${plane}</figure><figure>${errorHistogram(errors)}</figure></div>`;
  });
  const why =
    'A point on the dotted line is predicted exactly. A cloud flatter than the line means that the network keeps to the middle: it has found little to go by. Errors centred away from 0 are a bias.';
  return titled('Truth and prediction', 'exhibits.json', why, body.join('\n'));
}

function errorHistogram(errors: readonly number[]): string {
  const x = linear(errors, 'prediction minus truth');
  const size = (x.to - x.from) / BINS;
  const counts = new Array<number>(BINS).fill(0);
  for (const e of errors) counts[Math.min(BINS - 1, Math.floor((e - x.from) / size))]! += 1;
  const y = { ...linear([0, ...counts], 'examples'), from: 0 };
  const mean = errors.reduce((a, b) => a + b, 0) / errors.length;
  return chart(
    `errors, mean ${metric(mean)}`,
    { x, y: { ...y, ticks: y.ticks.filter((t) => t.at >= 0) }, ...SQUARE },
    (plot) => {
      const bars = counts.map((n, i) => {
        const [x1, x2] = [plot.x(x.from + i * size), plot.x(x.from + (i + 1) * size)];
        return n === 0
          ? ''
          : `<path class="bar" d="M${x1 + 0.5} ${plot.bottom}V${plot.y(n)}H${x2 - 0.5}V${plot.bottom}z"/>`;
      });
      return `${bars.join('')}${line(
        plot,
        [
          [0, 0],
          [0, y.to],
        ],
        'l-line',
      )}`;
    },
  );
}
