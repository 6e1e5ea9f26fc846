import { html } from './html.ts';

/** Places on a line, with what is written there. */
export interface Tick {
  readonly at: number;
  readonly text: string;
}

/** One axis: values from `from` to `to` over so many pixels. */
export interface Axis {
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly Tick[];
  readonly title?: string;
  readonly log?: boolean;
}

const tidy = (value: number): string => String(Number(value.toPrecision(12)));
const short = (value: number): string => {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return value.toExponential(0).replace('e+', 'e');
  return size >= 1e4 ? `${tidy(value / 1000)}k` : tidy(value);
};

/** Round numbers within the limits: 1, 2 or 5 times a power of ten apart. */
export function ticks(from: number, to: number, about = 5): Tick[] {
  const span = to - from;
  if (!(span > 0) || !Number.isFinite(span)) return [{ at: from, text: short(from) }];
  const rough = span / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((m) => m * power >= rough * 0.8)!;
  const found: Tick[] = [];
  for (let k = Math.ceil(from / step - 1e-9); k * step <= to + span * 1e-9; k++)
    found.push({ at: k * step, text: short(k * step) });
  return found;
}

export function linear(values: Iterable<number>, title?: string): Axis {
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const v of values) if (Number.isFinite(v)) [from, to] = [Math.min(from, v), Math.max(to, v)];
  if (from > to) [from, to] = [0, 1];
  if (from === to) [from, to] = [from - (Math.abs(from) || 1) / 2, to + (Math.abs(to) || 1) / 2];
  const margin = (to - from) * 0.05;
  return { from: from - margin, to: to + margin, ticks: ticks(from - margin, to + margin), title };
}

/** Powers of ten where values span more than one; else as many round numbers as fit. */
export function logarithmic(values: Iterable<number>, title?: string): Axis {
  let [from, to] = [Number.POSITIVE_INFINITY, 0];
  for (const v of values) if (v > 0 && Number.isFinite(v)) [from, to] = [Math.min(from, v), Math.max(to, v)];
  const [low, high] = [Math.floor(Math.log10(from)), Math.ceil(Math.log10(to))];
  const every = Math.ceil((high - low) / 5);
  const found: Tick[] = [];
  for (let k = low; k <= high; k++)
    for (const m of high - low <= 2 ? [1, 2, 5] : [1])
      if ((k - low) % every === 0 && m * 10 ** k >= from / 1.05 && m * 10 ** k <= to * 1.05)
        found.push({ at: m * 10 ** k, text: short(m * 10 ** k) });
  return { from: from / 1.1, to: to * 1.1, ticks: found, title, log: true };
}

export interface Plot {
  x(value: number): number;
  y(value: number): number;
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly bottom: number;
}

const LEFT = 46;
const TOP = 20;
const BOTTOM = 34;
const RIGHT = 12;

/**
 * A chart as SVG: axes, faint lines, and what `draw` puts between them. Colours are classes, so that light
 * and dark share it.
 */
export function chart(
  what: string,
  { x, y, width = 420, height = 230 }: { x: Axis; y: Axis; width?: number; height?: number },
  draw: (plot: Plot) => string,
): string {
  const scale = (axis: Axis, from: number, to: number) => (value: number) => {
    const at = (v: number) => (axis.log ? Math.log10(v) : v);
    const share = (at(value) - at(axis.from)) / (at(axis.to) - at(axis.from));
    return Math.round((from + share * (to - from)) * 100) / 100;
  };
  const [left, right, top, bottom] = [LEFT, width - RIGHT, TOP, height - BOTTOM];
  const plot: Plot = { x: scale(x, left, right), y: scale(y, bottom, top), width, height, left, bottom };
  const rows = y.ticks.map(({ at, text }) => {
    const place = plot.y(at);
    return `<path class="grid-line" d="M${left} ${place}H${right}"/><text x="${left - 6}" y="${place + 4}" text-anchor="end">${html(text)}</text>`;
  });
  const columns = x.ticks.map(({ at, text }) => {
    const place = plot.x(at);
    return `<path class="tick" d="M${place} ${bottom}v4"/><text x="${place}" y="${bottom + 16}" text-anchor="middle">${html(text)}</text>`;
  });
  const titles = [
    x.title ? `<text x="${right}" y="${height - 4}" text-anchor="end">${html(x.title)}</text>` : '',
    y.title ? `<text x="4" y="10">${html(y.title)}</text>` : '',
  ];
  return `<svg class="chart" role="img" aria-label="${html(what)}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">${rows.join('')}${columns.join('')}<path class="axis" d="M${left} ${bottom}H${right}"/>${titles.join('')}${draw(plot)}</svg>`;
}

/** A line through points; breaks where a value isn't finite. */
export function line({ x, y }: Plot, points: readonly (readonly [number, number])[], cls: string): string {
  let d = '';
  let pen = 'M';
  for (const [a, b] of points) {
    const [px, py] = [x(a), y(b)];
    if (!Number.isFinite(px) || !Number.isFinite(py)) pen = 'M';
    else {
      d += `${pen}${px} ${py}`;
      pen = 'L';
    }
  }
  return d === '' ? '' : `<path class="${cls}" d="${d}"/>`;
}

/** A mark of its own shape at each point, so that colour isn't all that tells series apart. */
export function marks(
  { x, y }: Plot,
  points: readonly (readonly [number, number])[],
  cls: string,
  shape: (x: number, y: number) => string,
): string {
  const drawn = points.flatMap(([a, b]) => {
    const [px, py] = [x(a), y(b)];
    return Number.isFinite(px) && Number.isFinite(py) ? [shape(px, py)] : [];
  });
  return drawn.length === 0 ? '' : `<path class="${cls}" d="${drawn.join('')}"/>`;
}

const round = (value: number): number => Math.round(value * 100) / 100;
export const dot =
  (r: number) =>
  (x: number, y: number): string =>
    `M${round(x - r)} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`;
export const square =
  (r: number) =>
  (x: number, y: number): string =>
    `M${round(x - r)} ${round(y - r)}h${2 * r}v${2 * r}h${-2 * r}z`;
export const diamond =
  (r: number) =>
  (x: number, y: number): string =>
    `M${x} ${round(y - r)}l${r} ${r}l${-r} ${r}l${-r} ${-r}z`;
export const triangle =
  (r: number) =>
  (x: number, y: number): string =>
    `M${x} ${round(y - r)}l${r} ${round(1.8 * r)}h${-2 * r}z`;
export const cross =
  (r: number) =>
  (x: number, y: number): string =>
    `M${round(x - r)} ${round(y - r)}l${2 * r} ${2 * r}m${-2 * r} 0l${2 * r} ${-2 * r}`;
