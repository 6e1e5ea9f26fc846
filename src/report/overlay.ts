import type { Curve } from '../study/comparison.ts';
import { Canvas, put } from './canvas.ts';
import { escapeText } from './escape.ts';
import { metric } from './format.ts';
import type { Charts } from './reporter.ts';
import { padStart } from './width.ts';

const WIDTH = 60;
const HEIGHT = 10;
/** Curves beyond these would hide each other. */
const MOST = 8;

/** A loss falls by powers of ten, a share doesn't: only it may have a logarithmic axis. */
export const isLoss = (metric: string): boolean => metric === 'loss' || metric === 'val_loss';

/** Curves of several runs in one chart: the baseline as a line, each other one by its letter. */
export function overlay(all: readonly Curve[], charts: Charts): string[] {
  const [baseline] = all;
  if (!baseline) return [];
  const curves = all.filter((c) => c.points.length > 1 && c.metric === baseline.metric).slice(0, MOST);
  if (curves.length < 2) return [];
  const ys = curves.flatMap((c) => c.points.map(([, y]) => y));
  const last = Math.max(...curves.flatMap((c) => c.points.map(([x]) => x)));
  const log = isLoss(baseline.metric) && ys.every((y) => y > 0);
  const f = log ? Math.log : (y: number) => y;
  let [low, high] = [f(Math.min(...ys)), f(Math.max(...ys))];
  if (low === high) [low, high] = [low - 1, high + 1];
  const place = (x: number, across: number) => Math.round(((x - 1) / Math.max(1, last - 1)) * (across - 1));
  const row = (y: number, down: number) => Math.round(((high - f(y)) / (high - low)) * (down - 1));

  const canvas = new Canvas(WIDTH, HEIGHT, charts);
  const dots = baseline.points.map(([x, y]) => [place(x, canvas.width), row(y, canvas.height)] as const);
  canvas.path(dots);
  const cells = canvas.rows();
  for (const { run, points } of curves)
    if (run !== baseline.run)
      for (const [x, y] of points) put(cells, place(x, WIDTH), row(y, HEIGHT), run.slice(0, 1));

  const back = log ? Math.exp : (y: number) => y;
  const ticks = new Map([
    [0, metric(back(high))],
    [HEIGHT - 1, metric(back(low))],
  ]);
  const title = `${escapeText(baseline.metric)}${log ? ', log' : ''}, by epoch   ${baseline.run} line, ${curves
    .slice(1)
    .map((c) => c.run)
    .join(', ')} letters`;
  return [
    title,
    ...cells.map((line, i) => `${padStart(ticks.get(i) ?? '', 8)} ${line.join('')}`.trimEnd()),
    `${' '.repeat(9)}1${padStart(String(last), WIDTH - 1)}`,
  ];
}
