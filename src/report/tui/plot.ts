import { Canvas, put } from '../canvas.ts';
import type { Charts } from '../reporter.ts';
import type { Point } from '../series.ts';

export type Scale = 'log' | 'linear';

export interface PlotInput {
  /** In characters. */
  readonly width: number;
  readonly height: number;
  readonly charts: Charts;
  readonly scale: Scale;
  /** The x axis goes from 0 to here (epochs). */
  readonly xMax: number;
  /** Drawn as a line. */
  readonly train: readonly Point[];
  /** Drawn as single marks, so that the two differ without colour. */
  readonly validation: readonly Point[];
  readonly best?: Point;
}

export type Kind = 'train' | 'validation' | 'best' | 'empty';

export interface Plot {
  /** What really was drawn: a curve that touches zero has no logarithm. */
  readonly scale: Scale;
  /** Values at the top, the middle and the bottom row. */
  readonly ticks: readonly [number, number, number] | undefined;
  /** Rows of cells: what it is and, for `train`, with which character. */
  readonly cells: readonly (readonly { readonly kind: Kind; readonly char: string }[])[];
}

/** Curves as characters. Train values that fall into one column of dots are shown as their mean. */
export function plot(input: PlotInput): Plot {
  const { width, height, xMax } = input;
  const canvas = new Canvas(width, height, input.charts);
  const column = (x: number) =>
    Math.min(canvas.width - 1, Math.max(0, Math.floor((x / xMax) * canvas.width)));
  const curve = binned(input.train, column);
  const ys = [...curve.map((p) => p.y), ...input.validation.map((p) => p.y)];
  const scale = input.scale === 'log' && ys.every((y) => y > 0) ? 'log' : 'linear';
  const f = scale === 'log' ? Math.log : (y: number) => y;
  let [low, high] = [f(minimum(ys)), f(maximum(ys))];
  if (low === high) [low, high] = scale === 'log' ? [low - 0.1, high + 0.1] : around(low);
  const row = (y: number, rows: number) => Math.round(((high - f(y)) / (high - low)) * (rows - 1));

  canvas.path(curve.map((p) => [p.x, row(p.y, canvas.height)]));
  const cells = canvas
    .rows()
    .map((chars) => chars.map((char) => ({ kind: (char === ' ' ? 'empty' : 'train') as Kind, char })));

  const mark = (p: Point, kind: Kind) => {
    const x = Math.min(width - 1, Math.floor((column(p.x) / canvas.width) * width));
    put(cells, x, row(p.y, height), { kind, char: '' });
  };
  for (const p of thinned(input.validation, xMax / width)) mark(p, 'validation');
  if (input.best && ys.length > 0 && f(input.best.y) >= low && f(input.best.y) <= high)
    mark(input.best, 'best');

  const back = scale === 'log' ? Math.exp : (y: number) => y;
  const ticks = [back(high), back((high + low) / 2), back(low)] as const;
  return { scale, ticks: ys.length === 0 ? undefined : ticks, cells };
}

/** The mean of all points in each column of dots; x becomes the column. */
function binned(points: readonly Point[], column: (x: number) => number): Point[] {
  const out: { x: number; y: number; n: number }[] = [];
  for (const p of points) {
    const x = column(p.x);
    const last = out.at(-1);
    if (last?.x === x) last.y += (p.y - last.y) / ++last.n;
    else out.push({ x, y: p.y, n: 1 });
  }
  return out;
}

/** Marks at least two cells apart, counted from the newest: a row of marks would hide the line. */
function thinned(points: readonly Point[], cell: number): Point[] {
  const out: Point[] = [];
  let next = Number.POSITIVE_INFINITY;
  for (const p of points.toReversed()) {
    if (p.x > next) continue;
    out.push(p);
    next = p.x - 2 * cell;
  }
  return out;
}

const minimum = (ys: readonly number[]) => ys.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
const maximum = (ys: readonly number[]) => ys.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
const around = (y: number): [number, number] => [y - (Math.abs(y) * 0.1 || 1), y + (Math.abs(y) * 0.1 || 1)];

/**
 * Where the x axis ends: the last epoch, halved while the run is in its first quarter, so that a long
 * run's start fills the chart and the scale seldom jumps.
 */
export function axisEnd(epochs: number, reached: number): number {
  let end = Math.max(1, epochs);
  while (end / 4 >= Math.max(1, reached)) end /= 2;
  return Math.ceil(end);
}
