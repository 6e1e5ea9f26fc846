import { counted } from '../../base/words.ts';
import { exhibitOf } from '../../protocol/exhibits.ts';
import type { MetricValue } from '../../protocol/metric-values.ts';
import type { Result } from '../../protocol/result.ts';
import { clock, count, engineLabel, metric } from '../format.ts';
import { html } from '../page/html.ts';
import { statusMark } from '../summary.ts';
import { percent } from './parts.ts';
import type { RunPage } from './run-page.ts';

/** The one number that a reader asks for first. */
export interface Headline {
  readonly split: 'test' | 'validation' | 'train';
  readonly name: string;
  readonly value: MetricValue;
}

/**
 * The metric that baselines are compared by, else the first that isn't the loss, of the part that was scored
 * last.
 */
export function headlineOf(result: Result): Headline | undefined {
  for (const split of ['test', 'validation', 'train'] as const) {
    const all = result.metrics[split] ?? {};
    const names = Object.keys(all);
    const name = [result.baselines?.metric, names.find((n) => n !== 'loss'), names[0]].find(
      (n) => n !== undefined && n in all,
    );
    if (name !== undefined) return { split, name, value: all[name]! };
  }
  return undefined;
}

const WORDS: Readonly<Record<string, string>> = {
  completed: 'completed',
  interrupted: 'interrupted',
  failed: 'failed',
  running: 'running',
  died: 'died',
};

const PARTS = { test: 'test', validation: 'validation', train: 'training' } as const;

export function head({ record, brief, exhibits }: RunPage): string {
  const { result } = record;
  const state =
    result && statusMark(result) === '✗' && brief.status === 'completed'
      ? 'expectation not met'
      : WORDS[brief.status];
  const good = state === 'completed';
  const { started } = brief;
  const data = exhibitOf(exhibits, 'dataset');
  const facts = [
    started?.task,
    data && `${data.source}, ${examplesText(data.rows)}`,
    result && `${counted(result.parameters, 'parameter')}`,
    result && `${counted(result.epochs, 'epoch')} in ${clock(result.seconds)}`,
    result && engineLabel(result.engine),
    started && `seed ${started.seed}`,
    started?.time?.slice(0, 16).replace('T', ' '),
  ].flatMap((fact) => (fact ? [html(fact)] : []));
  const tags = brief.tags.map((tag) => `<span class="status">${html(tag)}</span>`).join('');
  const mark = good ? '✓' : '✗';
  return `<h1>${html(record.name)} <span class="soft">${html(record.id)}</span><span class="status ${good ? 'good' : 'bad'}">${mark} ${html(state ?? '')}</span>${tags}</h1>
<p class="facts">${facts.join(' · ')}</p>${brief.note ? `<p class="say">${html(brief.note)}</p>` : ''}
${result ? headline(result) : ''}${record.problems.map((problem) => `<p class="bad-text">${html(problem)}</p>`).join('')}`;
}

function examplesText(rows: Readonly<Record<keyof typeof PARTS, number>>): string {
  const parts = (['train', 'validation', 'test'] as const).filter((part) => rows[part] > 0);
  return `${parts.map((part) => `${count(rows[part])} ${PARTS[part]}`).join(' and ')} examples`;
}

function headline(result: Result): string {
  const found = headlineOf(result);
  const error = result.error
    ? `<div class="note"><p><b>${html(result.error.code)}</b> ${html(result.error.message)}</p></div>`
    : '';
  if (!found) return error;
  const { split, name, value } = found;
  const text = value.value !== null && SHARES.has(name) ? precise(value.value) : metric(value.value);
  const range = value.interval
    ? `<span class="range">95% interval ${value.interval.map((v) => html(SHARES.has(name) ? precise(v) : metric(v))).join(' to ')}</span>`
    : '';
  return `<div class="headline"><span class="big">${html(text)}</span><span class="of">${html(name.replaceAll('_', ' '))} on ${PARTS[split]} examples</span>${range}</div>
${result.baselines ? `<p class="say"><span class="soft">Simpler model</span> ${html(result.baselines.text)}</p>` : ''}${error}`;
}

/** Metrics that people know in percent. */
const SHARES = new Set([
  'accuracy',
  'balanced_accuracy',
  'subset_accuracy',
  'precision',
  'recall',
  'sensitivity',
  'specificity',
]);
const precise = (value: number): string =>
  value === 1 || value === 0 ? percent(value) : `${(100 * value).toFixed(2)}%`;
