import { appendFileSync } from 'node:fs';
import { counted } from '../base/words.ts';
import type { EpochEvent, MessageEvent, RunEvent, RunStarted } from '../protocol/events.ts';
import { formatWarning } from './errors.ts';
import { escapeText } from './escape.ts';
import { clock, count, engineLabel, metric, runId, seconds, short } from './format.ts';
import { summaryMarkdown } from './markdown.ts';
import { guardCommands, outliveOutput, writeAll } from './output.ts';
import { exhibitsToShow, type Reporter, type ReporterOptions } from './reporter.ts';
import { sourceOf } from './source-of.ts';
import { apply, learningRate, newState, progress, type RunState } from './store.ts';
import { briefLines, summaryLines } from './summary.ts';

/** A line at least so often, so that a log or a screen reader shows that the run is alive. */
const QUIET_MS = 30_000;

/**
 * Append-only lines on stderr (CI, pipes, `--no-tui`, screen readers): the plan, one line an epoch or
 * every 30 s, messages; then the summary on stdout. No cursor codes, no carriage returns, no colour.
 */
export function plainReporter(o: ReporterOptions, accessible: boolean): Reporter {
  const state = newState();
  const onGithub = o.env['GITHUB_ACTIONS'] === 'true';
  const guard = (line: string) => (onGithub ? guardCommands(line) : line);
  const line = (text: string) => {
    o.stderr.write(`${guard(text)}\n`);
    timer.refresh();
  };
  const timer = setTimeout(() => {
    line((accessible ? 'still working: ' : '') + progressLine(state, Date.now()));
  }, QUIET_MS);
  timer.unref();
  outliveOutput(o.stderr);
  outliveOutput(o.stdout);

  return {
    event(e: RunEvent) {
      apply(state, e, Date.now());
      if (e.type === 'run_started') line(planLine(e));
      else if (e.type === 'epoch') line(epochLine(e, state.started?.epochs ?? e.epoch));
      else if (e.type === 'message') messageBlock(e).split('\n').forEach(line);
    },
    async close() {
      clearTimeout(timer);
      const exhibits = exhibitsToShow(state, o);
      const lines = o.brief ? briefLines(state) : summaryLines(state, exhibits);
      await writeAll(o.stdout, lines.map((text) => `${guard(text)}\n`).join(''));
      const file = o.env['GITHUB_STEP_SUMMARY'];
      if (onGithub && file && lines.length > 0 && !o.brief)
        appendSummary(file, summaryMarkdown(state, exhibits), line);
    },
  };
}

function appendSummary(file: string, text: string, line: (text: string) => void): void {
  try {
    appendFileSync(file, text);
  } catch (error) {
    // The run is done and recorded; a summary page that can't be written must not turn it into a failure.
    line(messageLine('warning', 'step-summary', `GITHUB_STEP_SUMMARY can't be written: ${String(error)}`));
  }
}

/** A warning that belongs to a place in the config is shown there. */
const messageBlock = (e: MessageEvent): string =>
  e.level === 'warning' && e.position ? formatWarning(e, sourceOf) : messageLine(e.level, e.code, e.text);

export const messageLine = (level: string, code: string, text: string): string =>
  `${level}[${escapeText(code)}]: ${escapeText(text)}`;

/** What runs where, on how much data. */
export function planLine(e: RunStarted): string {
  const { train, validation, test } = e.examples;
  const examples = [`${count(train)} train`];
  if (validation > 0) examples.push(`${count(validation)} validation`);
  if (test > 0) examples.push(`${count(test)} test`);
  const from = e.first_step > 0 ? `, from step ${count(e.first_step)}` : '';
  return (
    `${escapeText(e.name)} ${runId(e.run)}: ${engineLabel(e.engine)}, seed ${e.seed}, ${counted(e.parameters, 'parameter')}; ` +
    `${examples.join(' / ')} examples; ${counted(e.epochs, 'epoch')} of ${counted(e.steps_per_epoch, 'step')}${from}`
  );
}

export function epochLine(e: EpochEvent, epochs: number): string {
  const rate = learningRate(e.scalars);
  const parts = [
    `epoch ${e.epoch}/${epochs}`,
    // Validation shows what training shows; the other metrics are in the events and in the summary.
    ...Object.entries(e.metrics)
      .filter(([name]) => !name.startsWith('val_') || name.slice(4) in e.metrics)
      .map(([name, value]) => `${escapeText(name)} ${metric(value)}`),
  ];
  if (rate !== undefined) parts.push(`lr ${short(rate, 3)}`);
  parts.push(seconds(e.seconds), `${count(e.samples_per_second)} ex/s`);
  if (e.best) parts.push('best');
  return parts.join('  ');
}

/** Between epochs: where it stands, or which stage is at work. */
function progressLine(state: RunState, now: number): string {
  const p = progress(state, now);
  const stage = Object.values(state.stages).findLast((s) => s.state === 'started');
  if (!p || !state.last || (stage && stage.stage !== 'train')) {
    const detail = stage?.detail === undefined ? '' : `: ${escapeText(stage.detail)}`;
    return stage ? stage.stage + detail : 'preparing';
  }
  const parts = [`epoch ${p.epoch}/${p.epochs}`, `step ${p.step}/${p.steps}`];
  for (const [name, value] of Object.entries(state.last.metrics))
    parts.push(`${escapeText(name)} ${metric(value)}`);
  parts.push(`${count(state.last.samples_per_second)} ex/s`);
  if (p.left !== undefined) parts.push(`~${clock(p.left)} left`);
  return parts.join('  ');
}
