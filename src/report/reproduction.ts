import type { Check, Reproduction } from '../study/reproduce/reproduction.ts';
import { escapeText } from './escape.ts';
import { seconds } from './format.ts';
import { junit } from './junit.ts';
import { cell, table } from './markdown-table.ts';
import { padEnd, truncate } from './width.ts';

const MARKS: Readonly<Record<Check['outcome'], string>> = {
  identical: '✓',
  'within tolerance': '≈',
  different: '✗',
  'not checked': '·',
};
const LONGEST = 200;

/** `mlx reproduce` in a terminal: one line a check, then the verdict. */
export function reproductionLines(r: Reproduction): string[] {
  return [
    ...r.checks.map((c) => `${MARKS[c.outcome]} ${padEnd(c.name, 16)} ${textOf(c)}`),
    '',
    `${r.verdict === 'identical' ? '✓' : r.verdict === 'within tolerance' ? '≈' : '✗'} ${verdictText(r)}`,
  ];
}

const textOf = ({ text }: Check): string => escapeText(truncate(text, LONGEST));

/** "Repeated" on the same kind of machine, "reproduced" elsewhere (ACM's terms). */
export function verdictText(r: Reproduction): string {
  const run = escapeText(r.run);
  const far = r.quick === null ? '' : `, its first ${r.quick} steps`;
  const done = r.same_environment ? 'repeated' : 'reproduced';
  const first = r.first ? `; first: ${r.first.what}: ${escapeText(truncate(r.first.text, LONGEST))}` : '';
  switch (r.verdict) {
    case 'identical':
      return `${run} is ${done}${far}, bit for bit, in ${seconds(r.seconds)}${r.first ? `, in spite of another ${r.first.what}` : ''}`;
    case 'within tolerance':
      return `${run} is ${done}${far} within ${r.tolerance}${first}`;
    case 'different':
      return `${run} is not ${done}${first}`;
    case 'environment mismatch':
      return `${run} can't be repeated here: the environment is another one${first}`;
  }
}

export function reproductionMarkdown(r: Reproduction): string {
  const rows = r.checks.map((c) => [`${MARKS[c.outcome]} ${c.name}`, c.outcome, textOf(c)]);
  return [
    '<!-- mlx-reproduce -->',
    `### mlx reproduce: ${r.verdict}`,
    '',
    cell(verdictText(r)),
    '',
    ...table([['check', 'outcome', ''], ...rows], ['---', '---', '---']),
    '',
  ].join('\n');
}

/** One test case a check. */
export function reproductionJunit(r: Reproduction): string {
  const failed = (c: Check) =>
    c.outcome === 'different' &&
    (r.verdict === 'environment mismatch' || (c.name !== 'version' && c.name !== 'machine'));
  return junit({
    suite: `mlx reproduce ${r.run}`,
    classname: 'mlx.reproduce',
    seconds: r.seconds,
    cases: r.checks.map((c) => ({
      name: c.name,
      ...(failed(c) && { failure: c.text }),
      ...(c.outcome === 'not checked' && { skipped: c.text }),
    })),
  });
}
