import type { GroupResult } from '../study/group/result.ts';
import { Canvas } from './canvas.ts';
import { escapeText } from './escape.ts';
import { clock, count, metric, plural, runId } from './format.ts';
import { cell, table } from './markdown.ts';
import type { Charts } from './reporter.ts';
import { padEnd, padStart, textWidth } from './width.ts';

type Curve = NonNullable<GroupResult['curve']>;
type Estimate = Curve['gap'];

const WIDTH = 56;
const HEIGHT = 10;

const estimate = ({ value, interval }: Estimate): string =>
  `${metric(value)} [${metric(interval[0])}, ${metric(interval[1])}]`;
const signed = (value: number): string => (value > 0 ? '+' : '') + metric(value);
const signedEstimate = ({ value, interval }: Estimate): string =>
  `${signed(value)} [${signed(interval[0])}, ${signed(interval[1])}]`;

/** `mlx learning-curve` in a terminal: scores by size, a chart, what they say, what to try. */
export function curveLines(group: string, result: GroupResult, charts: Charts): string[] {
  const { curve } = result;
  const lines = [titleOf(group, result)];
  if (curve) {
    lines.push('', ...tableLines(curve).map((line) => `  ${line}`));
    const drawn = chartLines(curve, charts);
    if (drawn.length > 0) lines.push('', ...drawn.map((line) => `  ${line}`));
    lines.push('', ...wordRows(curve).map(([label, text]) => `  ${padEnd(label, 10)}  ${text}`));
  }
  lines.push(...problems(result).map((text) => `  failed      ${text}`));
  lines.push(`  folder      ${escapeText(group)}`);
  if (result.status !== 'completed') lines.push(`  next        mlx resume ${runId(group)}`);
  return lines;
}

function titleOf(group: string, { status, curve, completed, runs, seconds }: GroupResult): string {
  const name = escapeText(group.split(/[\\/]/).filter(Boolean).at(-2) ?? 'config');
  const mark = status === 'completed' ? '✓' : status === 'interrupted' ? '■' : '✗';
  const of = completed === runs ? plural(runs, 'run') : `${count(completed)} of ${plural(runs, 'run')}`;
  const shape = curve ? `, ${plural(curve.points.length, 'size')} × ${plural(curve.seeds, 'seed')}` : '';
  return `${mark} learning curve of ${name} ${runId(group)}   ${of}${shape}, ${clock(seconds)}; the test part is not looked at`;
}

const problems = ({ members }: GroupResult): string[] =>
  members.flatMap(({ label, error }) =>
    error ? [`${escapeText(label)}: ${escapeText(error.code)}: ${escapeText(error.message)}`] : [],
  );

const cells = ({ metric: name, points }: Curve): string[][] => [
  ['rows', `train ${escapeText(name)}`, `validation ${escapeText(name)}`],
  ...points.map((p) => [count(p.rows), estimate(p.train), estimate(p.validation)]),
];

function tableLines(curve: Curve): string[] {
  const rows = cells(curve);
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => textWidth(row[i]))));
  return rows.map((row) => row.map((text, i) => padStart(text, widths[i])).join('  '));
}

/** Training as a line, validation as marks: told apart without colour. */
function chartLines({ metric: name, points }: Curve, charts: Charts): string[] {
  if (points.length < 2) return [];
  const ys = points.flatMap(({ train, validation }) => [train.value, validation.value]);
  let [low, high] = [Math.min(...ys), Math.max(...ys)];
  if (low === high) [low, high] = [low - 0.1, high + 0.1];
  const last = points.at(-1)!.rows;
  const column = (rows: number, across: number) => Math.round((rows / last) * (across - 1));
  const row = (y: number, down: number) => Math.round(((high - y) / (high - low)) * (down - 1));
  const canvas = new Canvas(WIDTH, HEIGHT, charts);
  points.forEach(({ rows, train }, i) => {
    const from = points[Math.max(0, i - 1)];
    canvas.line(
      ...([column(from.rows, canvas.width), row(from.train.value, canvas.height)] as const),
      ...([column(rows, canvas.width), row(train.value, canvas.height)] as const),
    );
  });
  const grid = canvas.rows();
  const mark = charts === 'ascii' ? 'o' : '●';
  for (const { rows, validation } of points) grid[row(validation.value, HEIGHT)][column(rows, WIDTH)] = mark;
  const ticks = new Map([
    [0, metric(high)],
    [HEIGHT - 1, metric(low)],
  ]);
  return [
    `${escapeText(name)} by training rows   train line, validation ${mark}`,
    ...grid.map((line, i) => `${padStart(ticks.get(i) ?? '', 8)} ${line.join('')}`.trimEnd()),
    `${' '.repeat(9)}0${padStart(count(last), WIDTH - 1)}`,
  ];
}

const VERDICTS: Readonly<Record<Curve['verdict'], string>> = {
  more_data: 'more rows would help',
  larger_model:
    'high bias: a larger model, better features or longer training may help, unless the rest is noise; more rows are not shown to',
  more_data_and_larger_model:
    'high bias, and more rows would help; a larger model, better features or longer training may too',
  less_variance:
    'high variance, but no evidence that more rows would help: try regularization, or a smaller model',
  no_evidence: 'no evidence that more rows or a larger model would help',
};

/** What the curve says, each with its numbers. */
export function wordRows(curve: Curve): [string, string][] {
  const { gap, shortfall, gains, evidence } = curve;
  const name = escapeText(curve.metric);
  const rows: [string, string][] = [];
  rows.push([
    'variance',
    `training ${name} is ${estimate(gap)} better than validation's: ${evidence.high_variance ? 'high variance' : 'no gap shown'}`,
  ]);
  if (shortfall)
    rows.push([
      'bias',
      `training ${name} is ${estimate(shortfall)} short of the best there is: ${evidence.high_bias ? 'most of the error, high bias' : 'not most of the error'}`,
    ]);
  for (const { times, rows: n, score, gain } of gains)
    rows.push([
      times === 2 ? 'more rows' : '',
      `${count(n)} rows (${times}×): ${name} ${metric(score)}, ${signedEstimate(gain)}${times === 2 && !evidence.more_data ? ': no gain shown' : ''}`,
    ]);
  if (gains.length === 0) rows.push(['more rows', 'too few sizes to tell: give four or more']);
  if (evidence.undertrained)
    rows.push([
      'steps',
      'few rows are trained on worse than all: they got fewer steps, so that the gain may be one of steps; try --equal-steps',
    ]);
  rows.push(['verdict', VERDICTS[curve.verdict]]);
  return rows;
}

/** The same as Markdown. */
export function curveMarkdown(group: string, result: GroupResult): string {
  const { curve } = result;
  const lines = [`### ${cell(titleOf(group, result))}`, ''];
  if (curve) {
    lines.push(...table(cells(curve), ['---:', '---:', '---:']), '');
    lines.push(
      ...wordRows(curve).map(
        ([label, text]) => `- ${label === '' ? '' : `**${cell(label)}** `}${cell(text)}`,
      ),
      '',
    );
  }
  lines.push(...problems(result).map((text) => `- failed: ${cell(text)}`));
  return `${lines.join('\n').trimEnd()}\n`;
}
