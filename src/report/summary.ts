import { counted } from '../base/words.ts';
import type { BaselineReport } from '../protocol/baseline-report.ts';
import type { Exhibit } from '../protocol/exhibits.ts';
import { resultExhibits } from '../protocol/exhibits-codec.ts';
import type { MetricValue } from '../protocol/metric-values.ts';
import type { Expectation, Result } from '../protocol/result.ts';
import { decisionRows, defaultText, reliabilityLines } from './decision.ts';
import { escapeText } from './escape.ts';
import { clock, count, engineLabel, metric, runId, short } from './format.ts';
import type { Row } from './row.ts';
import type { RunState } from './store.ts';
import { exhibitBlocks, exhibitRows } from './terminal-exhibits.ts';
import { padEnd, textWidth } from './width.ts';

const SPLITS = ['test', 'validation', 'train'] as const;
const WIDTH = 80;
const MOST_WARNINGS = 5;
/** Fewer runs hardly make a test score too good. */
const MANY_LOOKS = 3;

/**
 * What stays on screen after a run: the result in at most 80 columns; empty before the run has ended.
 * @param exhibits those of `exhibits.json`; what the result shows by itself is added
 */
export function summaryLines(state: RunState, exhibits: readonly Exhibit[] = []): string[] {
  const done = state.completed;
  if (!done) return [];
  const rows = summaryRows(state, exhibits);
  const width = Math.max(13, ...rows.map((r) => textWidth(r.label)));
  const lines = [statusLine(state), ...rows.map((r) => `  ${padEnd(r.label, width)}  ${r.text}`.trimEnd())];
  for (const block of exhibitBlocks([...resultExhibits(done.result), ...exhibits]))
    lines.push('', ...indent(block));
  if (done.result.calibration) lines.push('', ...indent(reliabilityLines(done.result.calibration)));
  return lines;
}

/** The same in one line: of a run among several. */
export function briefLines(state: RunState): string[] {
  if (!state.completed) return [];
  const { result } = state.completed;
  const split = SPLITS.find((s) => Object.keys(result.metrics[s] ?? {}).length > 0);
  const shown = Object.entries((split && result.metrics[split]) ?? {}).slice(0, BRIEF_METRICS);
  const texts = shown.map(([name, { value }]) => `${escapeText(`${split}.${name}`)} ${metric(value)}`);
  const why = result.error ? [`${escapeText(result.error.code)}`] : texts;
  return [[statusLine(state), ...why].join('  ')];
}

const BRIEF_METRICS = 2;

const indent = (lines: readonly string[]) => lines.map((line) => `  ${line}`);

/** ✓ completed, ✗ failed or an expectation not met, ■ stopped by the user. */
export function statusMark(result: Result): string {
  if (result.status === 'interrupted') return '■';
  if (result.status === 'failed') return '✗';
  return result.expectations?.some((e) => !e.passed) ? '✗' : '✓';
}

export function statusLine(state: RunState): string {
  const { run, result } = state.completed!;
  const name = escapeText(state.started?.name ?? run.split(/[\\/]/).at(-2) ?? 'run');
  const planned = state.started?.epochs ?? result.epochs;
  const ended =
    result.status === 'completed'
      ? counted(result.epochs, 'epoch')
      : `${result.status} after ${count(result.epochs)} of ${counted(planned, 'epoch')}`;
  const facts = [ended, clock(result.seconds)];
  if (result.samples_per_second > 0) facts.push(`${count(result.samples_per_second)} ex/s`);
  facts.push(engineLabel(result.engine));
  return `${statusMark(result)} ${name} ${runId(run)}   ${facts.join(', ')}`;
}

/** The labelled lines: metrics, expectations, training, exhibits, weights, warnings, where, what next. */
export function summaryRows(state: RunState, exhibits: readonly Exhibit[] = []): Row[] {
  const { run, result, report } = state.completed!;
  const rows: Row[] = [];
  const put = (label: string, text: string) => rows.push({ label, text });

  if (result.error) {
    const at = result.error.step === undefined ? '' : ` (step ${count(result.error.step)})`;
    put('error', `${escapeText(result.error.code)}: ${escapeText(result.error.message)}${at}`);
  }
  rows.push(...metricRows(result));
  rows.push(...decisionRows(result));
  if (result.baselines) rows.push(...baselineRows(result.baselines));
  const training = trainingText(result);
  if (training !== '') put('training', training);
  for (const { name, evidence, advice } of result.diagnoses ?? []) {
    put('training', `${escapeText(name.replaceAll('_', ' '))}: ${escapeText(evidence)}`);
    put('', `try ${escapeText(advice)}`);
  }
  rows.push(...exhibitRows([...resultExhibits(result), ...exhibits]));
  for (const [name, weights] of Object.entries(result.weights ?? {}))
    put(escapeText(name), `[${weights.map((w) => short(w)).join(', ')}]`);
  const warnings = state.messages.filter((m) => m.level === 'warning');
  for (const m of warnings.slice(-MOST_WARNINGS))
    put('warning', `${escapeText(m.code)}: ${escapeText(m.text)}`);
  const looks = result.test_looks?.runs ?? 0;
  if (looks >= MANY_LOOKS)
    put(
      'test looks',
      `${count(looks)} runs were scored on these test examples: choose between them by validation`,
    );
  put('folder', escapeText(run) + (result.status === 'failed' ? ' (kept)' : ''));
  if (report) put('report', escapeText(report));
  if (result.status === 'interrupted') put('next', `mlx resume ${runId(run)}`);
  return rows;
}

/** Metrics of the test split (else validation, else training), each with what was expected of it. */
function metricRows(result: Result): Row[] {
  const split = SPLITS.find((s) => Object.keys(result.metrics[s] ?? {}).length > 0);
  const left = new Set<Expectation>(result.expectations ?? []);
  const rows: Row[] = [];
  for (const [name, value] of Object.entries(split ? result.metrics[split]! : {})) {
    const label = `${split}.${name}`;
    const marks: string[] = [];
    for (const e of [...left]) {
      if (e.text.split(/[\s<>=!]/)[0] !== label) continue;
      left.delete(e);
      marks.push(`  ${e.passed ? '✓' : '✗'} expected ${escapeText(e.text.slice(label.length).trim())}`);
    }
    const usual = split === 'train' ? undefined : result.default_metrics?.[split!]?.[name];
    rows.push({
      label: escapeText(label),
      text: metricText(value) + defaultText(value, usual) + marks.join(''),
    });
  }
  for (const e of left)
    rows.push({
      label: e.passed ? 'expected ✓' : 'expected ✗',
      text: `${escapeText(e.text)}, found ${e.found !== null && e.found >= 1e5 ? count(e.found) : metric(e.found)}`,
    });
  return rows;
}

/** The answer, then what each simple model reached and took; those that saw a part of the rows say so. */
function baselineRows({ text, models, skipped, metric: name }: BaselineReport): Row[] {
  const rows = [{ label: 'simpler model', text: escapeText(text) }];
  const all = [
    ...models.map((m) => {
      const part =
        m.train_examples < (models[0]?.train_examples ?? 0) ? ` of ${count(m.train_examples)}` : '';
      return `${m.name} ${metric(m.value)}${part} ${m.seconds.toFixed(1)}s`;
    }),
    ...skipped.map((s) => `${s.name} not tried`),
  ];
  let line = '';
  for (const one of all) {
    if (line !== '' && textWidth(line) + textWidth(one) + 2 > WIDTH - 17) {
      rows.push({ label: rows.length === 1 ? `by ${name}` : '', text: line });
      line = '';
    }
    line += (line === '' ? '' : ', ') + one;
  }
  if (line !== '') rows.push({ label: rows.length === 1 ? `by ${name}` : '', text: line });
  return rows.map((row) => ({ label: escapeText(row.label), text: escapeText(row.text) }));
}

/** `0.9872 [0.9848, 0.9892]`: the value and its 95% interval. */
export function metricText(value: MetricValue): string {
  const interval = value.interval ? ` [${metric(value.interval[0])}, ${metric(value.interval[1])}]` : '';
  return metric(value.value) + interval;
}

function trainingText(result: Result): string {
  const parts: string[] = [];
  if (result.best)
    parts.push(
      `best epoch ${result.best.epoch} (${escapeText(result.best.monitor)} ${metric(result.best.value)})`,
    );
  if (result.stopped) parts.push(escapeText(result.stopped));
  return parts.join('; ');
}
