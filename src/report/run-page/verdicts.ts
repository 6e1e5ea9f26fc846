import type { Result } from '../../protocol/result.ts';
import { count, metric } from '../format.ts';
import { html, table } from '../page/html.ts';
import { titled, whisker } from './parts.ts';
import type { RunPage } from './run-page.ts';

/** Gates, simpler models, what went wrong in training. */
export function verdictSection({ record }: RunPage): string {
  const { result } = record;
  if (!result) return '';
  const { expectations = [], diagnoses, baselines, test_looks } = result;
  const gates = expectations.map(
    ({ text, passed, found }) =>
      `<p class="gate"><b class="${passed ? 'good-text' : 'bad-text'}">${passed ? '✓' : '✗'}</b> <code>${html(text)}</code> <span class="soft">found ${metric(found)}</span></p>`,
  );
  const found = (diagnoses ?? []).map(
    ({ name, evidence, advice }) =>
      `<div class="note"><p><b>${html(name.replaceAll('_', ' '))}</b>: ${html(evidence)}</p><p>Try ${html(advice)}.</p></div>`,
  );
  const looks =
    (test_looks?.runs ?? 0) >= 3
      ? `<p>${count(test_looks!.runs)} runs were scored on these very test examples: choose between them by validation, or the best test score is too good.</p>`
      : '';
  const parts = [
    gates.length > 0 ? `<h3>What was expected</h3>${gates.join('')}` : '',
    diagnoses
      ? `<h3>Training</h3>${found.length > 0 ? found.join('\n') : '<p>Nothing wrong found: no overfitting, divergence, dead units or vanishing gradients.</p>'}`
      : '',
    baselines ? baselineTable(baselines) : '',
    looks,
  ].filter(Boolean);
  return parts.length === 0 ? '' : titled('Verdicts', 'result.json', '', parts.join('\n'));
}

function baselineTable(report: NonNullable<Result['baselines']>): string {
  const { models, skipped, metric: name, split, examples, test } = report;
  const ends = models.flatMap(({ difference, interval }) => [difference ?? 0, ...(interval ?? [])]);
  const scale = [Math.min(0, ...ends), Math.max(0, ...ends)] as const;
  const full = Math.max(...models.map((m) => m.train_examples));
  const rows = models.map((m) => [
    html(m.name.replaceAll('_', ' ')) +
      (m.train_examples < full ? ` <span class="soft">on ${count(m.train_examples)} rows</span>` : ''),
    metric(m.value),
    m.difference === null ? 'n/a' : `${m.difference > 0 ? '+' : ''}${metric(m.difference)}`,
    m.difference === null
      ? ''
      : whisker(m.difference, m.interval, scale, { zero: 0, other: (m.p ?? 1) >= 0.05 }),
    m.p === undefined ? '' : m.p < 0.001 ? '&lt; 0.001' : m.p.toFixed(3),
    `${m.seconds.toFixed(1)} s`,
  ]);
  const head = [
    'model',
    html(name.replaceAll('_', ' ')),
    'network minus it',
    '95% interval',
    'p',
    'fitting took',
  ];
  const left = skipped.map((s) => `${html(s.name)}: ${html(s.reason)}`).join('; ');
  return `<h3>Would something simpler have done?</h3><p class="soft">Simple models on the same rows, compared on the same ${count(examples)} ${split} examples by ${html(test)}. The line shows where the difference may lie; where it crosses the dotted zero (grey), nothing is shown.</p>
${table(head, rows, { numeric: [1, 2, 4, 5], label: 'simple models' })}${left ? `<p class="soft">Not tried: ${left}.</p>` : ''}`;
}
