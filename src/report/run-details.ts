import { counted } from '../base/words.ts';
import type { Exhibit } from '../protocol/exhibits.ts';
import type { RunBrief, RunRecord } from '../record/index.ts';
import { escapeText } from './escape.ts';
import { count, engineLabel } from './format.ts';
import { apply, newState } from './store.ts';
import { summaryLines } from './summary.ts';
import { padEnd } from './width.ts';

/** `mlx show`: the summary that the run ended with, then what it came from and what it left. */
export function runLines(record: RunRecord, brief: RunBrief, exhibits: readonly Exhibit[] = []): string[] {
  const state = newState();
  for (const event of record.events) apply(state, event, 0);
  // The log may lack its end where result.json doesn't.
  if (record.result && !state.completed)
    apply(state, { type: 'run_completed', run: record.folder, result: record.result }, 0);
  const title = `${escapeText(record.name)} ${escapeText(record.id)}   ${brief.status}`;
  const running = brief.status === 'running' || brief.status === 'died';
  const lines = running || !state.completed ? [title] : summaryLines(state, exhibits);
  const { lock } = record;
  const rows: [string, string][] = [];
  const put = (label: string, text: string | null | undefined) => {
    if (text) rows.push([label, escapeText(text)]);
  };
  if (brief.started) put('started', brief.started.time);
  if (running && brief.last)
    put(
      'reached',
      `epoch ${brief.last.epoch} of ${brief.started?.epochs ?? '?'}, step ${count(brief.last.step)}`,
    );
  if (brief.status === 'died') put('next', `mlx resume ${record.name}/${record.id}`);
  if (brief.tags.length > 0) put('tags', brief.tags.join(' '));
  put('note', brief.note);
  for (const problem of record.problems) put('damaged', problem);
  try {
    if (lock) {
      put('engine', engineLabel(lock.engine));
      put('seed', String(lock.seed));
      for (const [split, { count: n, sha256 }] of Object.entries(lock.data.splits))
        put(`data.${split}`, `${counted(n, 'example')}, sha256 ${sha256.slice(0, 16)}…`);
      for (const { name, bytes, sha256 } of lock.data.files)
        put('file', `${name}, ${counted(bytes, 'byte')}, sha256 ${sha256.slice(0, 16)}…`);
      put(
        'versions',
        Object.entries(lock.versions)
          .filter(([k, v]) => v && k !== 'lockfile_sha256')
          .map(([k, v]) => `${k} ${v}`)
          .join(', '),
      );
      if (lock.git) put('git', `${lock.git.commit.slice(0, 12)}${lock.git.dirty ? ' with changes' : ''}`);
      put(
        'machine',
        [lock.machine.cpu.model, lock.machine.platform, lock.machine.arch].filter(Boolean).join(', '),
      );
    }
  } catch {
    rows.push(['damaged', 'lock.json is not what mlx writes there']);
  }
  const width = Math.max(13, ...rows.map(([label]) => label.length));
  return [...lines, ...(rows.length > 0 ? [''] : []), ...rows.map(([a, b]) => `  ${padEnd(a, width)}  ${b}`)];
}
