import type { CheckedRun, Gate } from '../study/gates.ts';
import { escapeText } from './escape.ts';
import { count, metric } from './format.ts';
import { junit } from './junit.ts';
import { cell, table } from './markdown-table.ts';
import { padEnd, textWidth, truncate } from './width.ts';

const LONGEST = 60;
const mark = ({ passed }: Gate): string => (passed ? '✓' : '✗');
const number = (value: number): string =>
  (Number.isInteger(value) || Math.abs(value) >= 1e5) && Math.abs(value) < 1e15
    ? count(value)
    : metric(value);

/** `mlx check-run` in a terminal: one line a gate, then the verdict. */
export function gateLines(c: CheckedRun): string[] {
  const texts = c.gates.map(({ text }) => escapeText(truncate(text, LONGEST)));
  const width = Math.max(...texts.map(textWidth));
  return [
    ...c.gates.map((gate, i) => `${mark(gate)} ${padEnd(texts[i]!, width)}  ${evidence(gate)}`.trimEnd()),
    '',
    verdict(c),
  ];
}

function verdict({ run, baseline, gates, passed }: CheckedRun): string {
  const failed = gates.filter((g) => !g.passed).length;
  const against = baseline === null ? '' : ` against ${escapeText(baseline)}`;
  return passed
    ? `✓ ${escapeText(run)} passes ${gates.length === 2 ? 'both' : `all ${gates.length}`} gates${against}`
    : `✗ ${escapeText(run)} fails ${failed} of ${gates.length} gates${against}`;
}

/** What was found, how surely, and what it was held against. */
export function evidence({ found, interval, examples, baseline, reason }: Gate): string {
  const parts: string[] = [];
  if (reason !== undefined) parts.push(`can't pass: ${escapeText(truncate(reason, 200))}`);
  if (found !== null) {
    const range = interval ? ` [${metric(interval[0])}, ${metric(interval[1])}]` : '';
    const n = examples === undefined ? '' : `, n = ${count(examples)}`;
    parts.push(`found ${number(found)}${range}${n}`);
  }
  if (baseline && baseline.value !== null) {
    const { difference, interval: range, p, test } = baseline;
    const by =
      typeof difference === 'number'
        ? `: ${signed(difference)}${range ? ` [${signed(range[0])}, ${signed(range[1])}]` : ''}` +
          (p === undefined ? '' : `, ${test} p ${p < 0.001 ? '< 0.001' : `= ${p.toFixed(3)}`}`)
        : '';
    parts.push(`baseline ${number(baseline.value)}${by}`);
  }
  return parts.join('; ');
}

const signed = (value: number): string => (value > 0 ? '+' : '') + metric(value);

/** By it a CI job finds its earlier comment and replaces it. */
const MARKER = '<!-- mlx-check-run -->';

export function gateMarkdown(c: CheckedRun): string {
  const rows = c.gates.map((gate) => [
    `${gate.passed ? '✅' : '❌'} ${escapeText(truncate(gate.text, LONGEST))}`,
    evidence(gate),
  ]);
  return [
    MARKER,
    `### mlx check-run: ${c.passed ? 'passed' : 'failed'}`,
    '',
    cell(verdict(c)),
    '',
    ...table([['gate', 'evidence'], ...rows], ['---', '---']),
    '',
  ].join('\n');
}

/** One test case a gate. */
export const gateJunit = (c: CheckedRun): string =>
  junit({
    suite: `mlx check-run ${c.run}`,
    classname: 'mlx.check-run',
    seconds: 0,
    cases: c.gates.map((gate) => ({
      name: gate.text,
      ...(!gate.passed && { failure: evidence(gate) || 'not met' }),
    })),
  });
