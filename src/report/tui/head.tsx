import type { ReactElement } from 'react';
import { counted } from '../../base/words.ts';
import { escapeText } from '../escape.ts';
import { clock, compact, count, engineLabel, runId } from '../format.ts';
import { type Progress, type RunState, STAGES } from '../store.ts';
import { textWidth, truncate } from '../width.ts';
import { Lines } from './lines.tsx';
import type { Theme } from './theme.ts';

interface Props {
  readonly state: RunState;
  readonly width: number;
  readonly theme: Theme;
}

/** What runs where; on the right, where there is room, the stages. */
export function Header({ state, width, theme }: Props): ReactElement {
  const run = state.started;
  const stages = stageLines(state, theme);
  if (!run) {
    const { detail } = Object.values(state.stages).findLast((s) => s.state === 'started') ?? {};
    const [{ width: used, painted } = { width: 0, painted: '' }] = stages;
    const room = width - used - 2;
    if (detail === undefined || room < 8) return <Lines lines={[painted]} />;
    return <Lines lines={[`${painted}  ${truncate(escapeText(detail), room, theme.glyphs.ellipsis)}`]} />;
  }
  const title = `${escapeText(run.name)} ${runId(run.run)}`;
  const engine =
    theme.charts === 'ascii' ? engineLabel(run.engine).replace('×', 'x') : engineLabel(run.engine);
  const dot = theme.charts === 'ascii' ? '-' : '·';
  const parameters =
    width < 90 ? `${compact(run.parameters)} parameters` : counted(run.parameters, 'parameter');
  let text = title;
  for (const fact of [engine, `seed ${run.seed}`, parameters]) {
    if (textWidth(text) + fact.length + 3 > width) break;
    text += ` ${dot} ${fact}`;
  }
  text = truncate(text, width, theme.glyphs.ellipsis);
  const right = stages.find((s) => textWidth(text) + 2 + s.width <= width);
  const shown = text.startsWith(title) ? theme.paint(title, 'strong') + text.slice(title.length) : text;
  const gap = right ? ' '.repeat(width - textWidth(text) - right.width) : '';
  return <Lines lines={[shown + gap + (right?.painted ?? '')]} />;
}

interface Painted {
  readonly painted: string;
  readonly width: number;
}

/** `read split plan ▶train`: what is done and what is at work; or, where that's too long, only the latter. */
function stageLines(state: RunState, theme: Theme): Painted[] {
  const current = STAGES.findLast((s) => state.stages[s]?.state === 'started');
  const upTo = current ?? STAGES.findLast((s) => state.stages[s]);
  const parts = STAGES.slice(0, Math.max(1, STAGES.indexOf(upTo ?? 'read') + 1)).map((s): Painted => {
    const text = s === current ? `${theme.glyphs.now}${s}` : s;
    return { painted: theme.paint(text, s === current ? 'strong' : 'dim'), width: textWidth(text) };
  });
  const all = parts.map((p) => p.painted).join(' ');
  return [{ painted: all, width: parts.reduce((sum, p) => sum + p.width + 1, -1) }, parts.at(-1)!];
}

/** Epoch, bar, percent, then as much as fits: step, rate, time. */
export function ProgressLine({ state, at, width, theme }: Props & { at: Progress }): ReactElement {
  return <Lines lines={[progressText(state, at, width, theme)]} />;
}

export function progressText(state: RunState, at: Progress, width: number, theme: Theme): string {
  const rate = state.last?.samples_per_second ?? state.epochs.at(-1)?.samples_per_second;
  const left = at.left === undefined ? '' : `~${clock(at.left)} left`;
  const head = `epoch ${at.epoch}/${at.epochs}`;
  const percent = `${String(Math.floor(at.fraction * 100)).padStart(3)}%`;
  const wide = [
    ` step ${String(at.step).padStart(String(at.steps).length)}/${at.steps}`,
    rate === undefined ? '' : ` ${count(rate)} ex/s`,
    ` ${clock(at.elapsed)}${left === '' ? '' : `, ${left}`}`,
  ].filter((part) => part !== '');
  const brief = [rate === undefined ? '' : ` ${compact(rate)} ex/s`, left === '' ? '' : ` ${left}`].filter(
    (part) => part !== '',
  );
  const room = (tail: readonly string[]) =>
    width - head.length - 1 - percent.length - tail.reduce((sum, part) => sum + part.length + 1, 0);
  const tail = [wide, brief, brief.slice(-1), []].find((parts) => room(parts) >= 10) ?? [];
  const bar = progressBar(at.fraction, Math.max(0, Math.min(40, room(tail) - 1)), theme);
  return `${head} ${bar}${percent}${tail.map((part) => ` ${part}`).join('')}`;
}

function progressBar(fraction: number, width: number, { glyphs, paint }: Theme): string {
  if (width < 4) return '';
  const halves = Math.floor(fraction * width * 2);
  const full = Math.floor(halves / 2);
  const half = halves % 2 === 1 ? glyphs.half : '';
  const done = glyphs.bar.repeat(full) + half;
  return paint(done, 'train') + paint(glyphs.rest.repeat(width - full - half.length), 'dim');
}
