import type { RatesExhibit } from '../../protocol/exhibits.ts';
import type { MetricValue } from '../../protocol/metric-values.ts';
import { metric } from '../format.ts';
import { html, table } from '../page/html.ts';
import { rateCells } from '../rates.ts';
import { titled } from './parts.ts';
import type { RunPage } from './run-page.ts';

const SPLITS = ['test', 'validation', 'train'] as const;
const NAMES = { test: 'test', validation: 'validation', train: 'training' } as const;
const MOST_ROWS = 60;

export function metricsSection({ record }: RunPage): string {
  const { result } = record;
  if (!result) return '';
  const splits = SPLITS.filter((split) => Object.keys(result.metrics[split] ?? {}).length > 0);
  if (splits.length === 0) return '';
  const names = [...new Set(splits.flatMap((split) => Object.keys(result.metrics[split]!)))];
  const rows = names.map((name) => [
    html(name.replaceAll('_', ' ')),
    ...splits.map((split) => cell(result.metrics[split]![name])),
  ]);
  const head = ['metric', ...splits.map((split) => NAMES[split])];
  const why =
    'In brackets is the 95% interval: where the value would lie for other examples of the same kind. Training values are means over the last epoch, while weights were still moving.';
  return titled(
    'Metrics',
    'result.json',
    why,
    `<div class="tight">${table(head, rows, { label: 'metrics' })}</div>`,
  );
}

/** Precision, sensitivity and the like of each class or label. */
export function ratesBlock({ noun, rows }: RatesExhibit): string {
  const [head = [], ...cells] = rateCells(rows.slice(0, MOST_ROWS), noun);
  const body = cells.map((row) => row.map(html));
  const options = { numeric: [1, 2, 3, 4, 5], label: `metrics of each ${noun}` };
  return `<h3>Each ${html(noun)}</h3>${table(head.map(html), body, options)}`;
}

function cell(value: MetricValue | undefined): string {
  if (!value) return '';
  const range = value.interval
    ? ` <span class="soft">[${metric(value.interval[0])}, ${metric(value.interval[1])}]</span>`
    : '';
  return `<b>${metric(value.value)}</b>${range}`;
}
