import { counted } from '../base/words.ts';
import type { CleanedRun, Cleaning, KeptRun } from '../study/list/cleaning.ts';
import { escapeText } from './escape.ts';
import { padEnd, padStart, textWidth } from './width.ts';

/** `mlx clean` in a terminal: what goes, what stays and why, how much it frees. */
export function cleaningLines({ done, remove, keep, leftovers, bytes }: Cleaning): string[] {
  const rows = [
    ...remove.map((r): [string, string, string] => [escapeText(r.run), what(r), size(r.bytes)]),
    ...leftovers.map((l): [string, string, string] => [escapeText(l.path), 'left by a kill', size(l.bytes)]),
  ];
  const width = (i: 0 | 1 | 2) => Math.max(...rows.map((row) => textWidth(row[i])));
  const lines = rows.map(
    ([name, kind, amount]) =>
      `${done ? 'removed' : 'remove '}  ${padEnd(name, width(0))}  ${padEnd(kind, width(1))}  ${padStart(amount, width(2))}`,
  );
  if (keep.length > 0) lines.push(`keep     ${reasons(keep)}`);
  if (lines.length > 0) lines.push('');
  if (rows.length === 0) lines.push('nothing to remove');
  else if (done) lines.push(`${size(bytes)} freed`);
  else lines.push(`would free ${size(bytes)}; nothing was removed yet: the same with --yes does it`);
  return lines;
}

const what = ({ status, part }: CleanedRun): string => (part === 'run' ? status : `${status}, ${part}`);

/** `5 runs: 2 tagged, 3 best`. */
function reasons(keep: readonly KeptRun[]): string {
  const counts = new Map<string, number>();
  for (const { why } of keep) counts.set(why, (counts.get(why) ?? 0) + 1);
  return `${counted(keep.length, 'run')}: ${[...counts].map(([why, n]) => `${n} ${why}`).join(', ')}`;
}

function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 ** 2) return `${(bytes / 1024).toFixed(1)} KiB`;
  return bytes < 1024 ** 3
    ? `${(bytes / 1024 ** 2).toFixed(1)} MiB`
    : `${(bytes / 1024 ** 3).toFixed(1)} GiB`;
}
