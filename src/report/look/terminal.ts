import type { ColumnLook, Look } from '../../data/index.ts';
import { escapeText } from '../escape.ts';
import { count, short } from '../format.ts';
import { padEnd, padStart, truncate } from '../width.ts';

const BARS = '▁▂▃▄▅▆▇█';
const MOST_COLUMNS = 60;
const PARTS = ['train', 'validation', 'test'] as const;

/** Share as people read it: `12%`, `0.6%`, empty for none. */
export const share = (value: number): string =>
  value === 0 ? '' : value < 0.0095 ? `${(100 * value).toFixed(1)}%` : `${(100 * value).toFixed(0)}%`;

const day = (days: number) => new Date(days * 86_400_000).toISOString().slice(0, 10);
/** A number of a column, or the day that it means. */
export const valueText = ({ kind }: ColumnLook, value: number): string =>
  kind === 'date' ? day(value) : short(value, 4);

/** A distribution in few cells, the highest bar full. */
export function bars(shares: readonly number[], width: number): string {
  const size = Math.min(width, shares.length);
  const cells = Array.from({ length: size }, (_, i) => {
    const [from, to] = [Math.floor((i * shares.length) / size), Math.floor(((i + 1) * shares.length) / size)];
    return shares.slice(from, to).reduce((a, b) => a + b, 0) / (to - from);
  });
  const most = Math.max(...cells, 1e-12);
  return cells.map((cell) => (cell === 0 ? ' ' : BARS[Math.min(7, Math.floor((cell / most) * 8))])).join('');
}

/** Columns whose training and test rows differ by more than chance gives among so many columns. */
export const drifting = ({ columns }: Look): ColumnLook[] => {
  const tested = columns?.filter(({ drift }) => drift) ?? [];
  return tested.filter(({ drift }) => drift!.p < 0.01 / tested.length);
};

/** The look as lines of a terminal, at most 100 cells wide. */
export function lookLines(look: Look): string[] {
  const { rows, target, columns, audit } = look;
  const parts = PARTS.filter((part) => rows[part] > 0).map((part) => `${count(rows[part])} ${part}`);
  const lines = [
    `${escapeText(look.name)}   ${look.source}, ${parts.join(' / ')}, split: ${escapeText(look.split)}`,
    `  target   ${escapeText(target.name)}  ${targetText(look)}`,
  ];
  if (columns) lines.push('', ...table(columns));
  else lines.push(`  example  ${look.shape.join(' × ')}`);
  const related = (columns ?? [])
    .filter((c) => (c.relation ?? 0) >= 0.05)
    .sort((a, b) => b.relation! - a.relation!);
  lines.push('');
  if (related.length > 0)
    lines.push(
      `  strongest  ${related
        .slice(0, 4)
        .map((c) => `${escapeText(c.name)} ${c.relation!.toFixed(2)}`)
        .join(', ')}  (alone, training rows; 1 tells all)`,
    );
  if (columns && rows.test > 0) {
    const drifts = drifting(look);
    const told = drifts.slice(0, 4).map((c) => `${escapeText(c.name)} (p ${short(c.drift!.p, 2)})`);
    lines.push(
      `  drift      ${drifts.length === 0 ? 'none between train and test' : `train and test differ in ${told.join(', ')}${drifts.length > 4 ? ', …' : ''}`}`,
    );
  }
  const outlying = (columns ?? []).filter((c) => (c.numbers?.outliers ?? 0) > 0);
  if (outlying.length > 0)
    lines.push(
      `  outliers   ${outlying
        .slice(0, 4)
        .map((c) => `${escapeText(c.name)} ${count(c.numbers!.outliers)}`)
        .join(', ')}${outlying.length > 4 ? ', …' : ''}`,
    );
  const found = new Set(audit.findings.map(({ check }) => check)).size;
  lines.push(
    `  audit      ${found === 0 ? `${audit.checks.length} checks, nothing found` : `${found} of ${audit.checks.length} checks found something`}`,
  );
  return lines;
}

function targetText({ target: { classes, histogram } }: Look): string {
  if (histogram) {
    const { edges, shares } = histogram;
    return `${bars(shares.train ?? [], 20)}  ${short(edges[0]!, 4)} to ${short(edges.at(-1)!, 4)}`;
  }
  if (!classes) return '';
  const counts = classes.counts.train ?? [];
  const total = counts.reduce((a, b) => a + b, 0);
  const order = [...counts.keys()].sort((a, b) => counts[b]! - counts[a]! || a - b);
  const shown = order
    .slice(0, 10)
    .map((i) => `${escapeText(classes.names[i]!)} ${share(counts[i]! / total) || '0%'}`);
  return truncate(`${shown.join(', ')}${order.length > 10 ? `, and ${order.length - 10} more` : ''}`, 84);
}

function table(columns: readonly ColumnLook[]): string[] {
  const shown = columns.slice(0, MOST_COLUMNS);
  const width = Math.min(24, Math.max(6, ...shown.map(({ name }) => escapeText(name).length)));
  const row = (...[name, kind, missing, picture, values, relation]: string[]) =>
    `  ${padEnd(truncate(name!, width), width)}  ${padEnd(kind!, 8)}  ${padStart(missing!, 7)}  ${padEnd(picture!, 20)}  ${padEnd(truncate(values!, 27), 27)}  ${padStart(relation!, 6)}`.trimEnd();
  const lines = [row('column', 'kind', 'missing', 'training rows', 'values', 'target')];
  for (const column of shown) {
    const { name, kind, missing, histogram, levels, relation } = column;
    const shares = histogram?.shares.train ?? levels?.shares.train ?? [];
    lines.push(
      row(
        escapeText(name),
        kind,
        share(missing.train ?? 0),
        bars(shares, 20),
        values(column),
        relation === undefined ? '' : relation.toFixed(2),
      ),
    );
  }
  if (columns.length > shown.length)
    lines.push(`  … and ${count(columns.length - shown.length)} more columns`);
  return lines;
}

function values(column: ColumnLook): string {
  const { numbers, levels, distinct, kind } = column;
  if (numbers)
    return `${[numbers.min, numbers.median, numbers.max].map((v) => valueText(column, v)).join(' · ')}`;
  if (kind === 'text') return `${count(distinct)} different texts`;
  return (levels?.names ?? [])
    .slice(0, 3)
    .map((name, i) => `${escapeText(name)} ${share(levels!.shares.train?.[i] ?? 0) || '0%'}`)
    .join(', ');
}
