import type { GroupSection } from '../study/groups/view.ts';
import { Canvas } from './canvas.ts';
import { escapeText } from './escape.ts';
import { count, metric } from './format.ts';
import type { Charts } from './reporter.ts';
import { padStart } from './width.ts';

const WIDTH = 56;
const HEIGHT = 10;

/** One series as a line, the other as marks: told apart without colour. x starts at 0. */
export function plotLines(
  { title, line, marks }: Extract<GroupSection, { kind: 'plot' }>,
  charts: Charts,
): string[] {
  const ys = [...line.points, ...marks.points].map(({ y }) => y);
  let [low, high] = [Math.min(...ys), Math.max(...ys)];
  if (low === high) [low, high] = [low - 0.1, high + 0.1];
  const last = Math.max(...[...line.points, ...marks.points].map(({ x }) => x));
  const column = (x: number, across: number) => Math.round((x / last) * (across - 1));
  const row = (y: number, down: number) => Math.round(((high - y) / (high - low)) * (down - 1));
  const canvas = new Canvas(WIDTH, HEIGHT, charts);
  const at = ({ x, y }: { x: number; y: number }) =>
    [column(x, canvas.width), row(y, canvas.height)] as const;
  line.points.forEach((point, i) => {
    canvas.line(...at(line.points[Math.max(0, i - 1)] ?? point), ...at(point));
  });
  const grid = canvas.rows();
  const mark = charts === 'ascii' ? 'o' : '●';
  for (const { x, y } of marks.points) {
    const cells = grid[row(y, HEIGHT)];
    if (cells) cells[column(x, WIDTH)] = mark;
  }
  const ticks = new Map([
    [0, metric(high)],
    [HEIGHT - 1, metric(low)],
  ]);
  return [
    `${escapeText(title)}   ${escapeText(line.name)} line, ${escapeText(marks.name)} ${mark}`,
    ...grid.map((cells, i) => `${padStart(ticks.get(i) ?? '', 8)} ${cells.join('')}`.trimEnd()),
    `${' '.repeat(9)}0${padStart(count(last), WIDTH - 1)}`,
  ];
}
