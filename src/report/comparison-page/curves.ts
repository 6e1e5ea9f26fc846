import type { Comparison, Curve } from '../../study/comparison.ts';
import { isLoss } from '../overlay.ts';
import { html } from '../page/html.ts';
import {
  chart,
  cross,
  diamond,
  dot,
  line,
  linear,
  logarithmic,
  marks,
  square,
  ticks,
  triangle,
} from '../page/svg.ts';

/** Curves that are told apart; the others are grey. */
const MOST = 8;
const SHAPES = [dot(3), square(2.8), triangle(3.2), diamond(3.6), cross(3)];

/** All runs' loss by epoch, and the metric that they monitor, each with its colour, mark and letter. */
export function curvesOf({ curves, monitored }: Comparison): string {
  const pictures = [curves, monitored].map(picture).filter((drawn) => drawn !== '');
  if (pictures.length === 0) return '';
  return `<p class="soft">Means of each epoch, nothing smoothed.</p>${pictures.join('')}`;
}

function picture(curves: readonly Curve[]): string {
  const metric = curves.find((c) => c.points.length > 0)?.metric;
  const own = curves.filter((c) => c.metric === metric && c.points.length > 0);
  if (!metric || own.length === 0) return '';
  const ys = own.flatMap((c) => c.points.map(([, y]) => y));
  const last = Math.max(...own.flatMap((c) => c.points.map(([x]) => x)));
  const log = isLoss(metric) && ys.every((y) => y > 0) && Math.max(...ys) / Math.min(...ys) > 8;
  const shown = metric.replaceAll('_', ' ');
  const whole = ticks(1, Math.max(2, last), 8).filter(({ at }) => Number.isInteger(at));
  const x = { from: 1, to: Math.max(2, last) * 1.04, ticks: whole, title: 'epoch' };
  const y = log ? logarithmic(ys, `${shown}, log`) : linear(ys, shown);
  const drawn = chart(`${shown} by epoch of each run`, { x, y, width: 720, height: 320 }, (plot) =>
    own
      .map(({ run, points }, i) => {
        const known = i < MOST;
        const few = points.length <= 40 ? points : [points.at(-1)!];
        const [endX, endY] = points.at(-1)!;
        const letter = `<text x="${plot.x(endX) + 6}" y="${plot.y(endY) + 4}">${html(run)}</text>`;
        if (!known) return line(plot, points, 'l-soft');
        return line(plot, points, `c${i}`) + marks(plot, few, `k${i}`, SHAPES[i % SHAPES.length]!) + letter;
      })
      .join(''),
  );
  const legend = own
    .slice(0, MOST)
    .map(
      ({ run }, i) =>
        `<span><svg viewBox="0 0 22 10" aria-hidden="true"><path class="k${i}" d="${SHAPES[i % SHAPES.length]!(11, 5)}"/></svg>${html(run)}</span>`,
    );
  const rest = own.length > MOST ? `<span>the other ${own.length - MOST} in grey</span>` : '';
  return `<p class="legend">${legend.join('')}${rest}</p><figure class="wider">${drawn}</figure>`;
}
