import type { Charts } from '../reporter.ts';
import type { Point } from '../series.ts';

const LEVELS: Readonly<Record<Charts, string>> = {
  braille: '▁▂▃▄▅▆▇█',
  blocks: '▁▂▃▄▅▆▇█',
  ascii: '_.-=*#',
};

/** A curve in one line: the whole history in `width` cells, each the mean of its points. */
export function sparkline(points: readonly Point[], width: number, charts: Charts): string {
  const levels = LEVELS[charts];
  const size = Math.min(width, points.length);
  if (size <= 0) return '';
  const means: number[] = [];
  for (let i = 0; i < size; i++) {
    const from = Math.floor((i * points.length) / size);
    const to = Math.floor(((i + 1) * points.length) / size);
    means.push(points.slice(from, to).reduce((sum, { y }) => sum + y, 0) / (to - from));
  }
  const low = Math.min(...means);
  const span = Math.max(...means) - low;
  const level = (y: number) => (span === 0 ? 0 : Math.round(((y - low) / span) * (levels.length - 1)));
  return means.map((y) => levels[level(y)]).join('');
}
