import type { Comparison } from '../../study/comparison.ts';
import { sections } from '../comparison.ts';
import { metric } from '../format.ts';
import { html, table } from '../page/html.ts';
import { whisker } from '../run-page/parts.ts';

/** Beyond these many runs each gets a line of its own instead of columns. */
const MOST_COLUMNS = 4;

/** Metrics of the test part, with the interval of each difference from the baseline. */
export function metricTable(c: Comparison): string {
  const own = c.metrics.filter(({ name }) => name.startsWith('test.'));
  if (own.length === 0) return '';
  if (c.runs.length > MOST_COLUMNS) {
    const [head = [], ...rows] = sections(c).find(({ title }) => title === 'test')?.rows ?? [];
    return `<div class="tight">${table(
      ['', ...head.slice(1).map(html)],
      rows.map((row) => row.map(html)),
      { label: 'test metrics' },
    )}</div>`;
  }
  const first = c.runs[0]?.label ?? 'A';
  const head = [
    'metric',
    ...c.runs.map((r) => html(r.label)),
    ...c.against.flatMap((p) => [`${html(p.run)} − ${html(first)}`, '95% interval']),
  ];
  const rows = own.map(({ name, values, direction }) => {
    const short = name.slice('test.'.length);
    const arrow = direction === 'higher' ? '↑' : '↓';
    const cells = c.against.flatMap((p) => {
      const found = 'refused' in p ? undefined : p.metrics.find((m) => m.name === short);
      if (!found || found.difference === null) return ['', ''];
      const { difference, interval } = found;
      const ends = [0, difference, ...(interval ?? [])];
      const most = Math.max(...ends.map(Math.abs));
      const crosses = !interval || (interval[0] <= 0 && interval[1] >= 0);
      const range = interval
        ? ` <span class="soft">[${signed(interval[0])}, ${signed(interval[1])}]</span>`
        : '';
      return [
        signed(difference) + range,
        whisker(difference, interval, [-most, most], { zero: 0, other: crosses }),
      ];
    });
    return [
      `${html(short.replaceAll('_', ' '))} <span class="soft" title="${direction} is better">${arrow}</span>`,
      ...values.map((v) => `<b>${metric(v?.value)}</b>`),
      ...cells,
    ];
  });
  return `<p class="soft">↑ higher is better, ↓ lower is. The line shows where the difference may lie, each on its own scale around the dotted zero; grey ones cross it: no difference shown.</p>${table(head, rows, { label: 'test metrics' })}`;
}

const signed = (value: number): string => (value > 0 ? '+' : '') + metric(value);
