import { invariant } from '../errors.ts';
import type { Comparison, Difference, Paired, Verdict } from '../study/comparison.ts';
import { escapeText } from './escape.ts';
import { clock, count, mebibytes, metric } from './format.ts';
import { overlay } from './overlay.ts';
import type { Charts } from './reporter.ts';
import { columnWidths, padEnd, padStart, truncate } from './width.ts';

const LONGEST = 32;
/** Ids of flips that a terminal shows. */
const MOST_IDS = 12;
const MOST_CLASSES = 8;
/** Beyond these many runs each gets a line of its own instead of a column. */
const MOST_COLUMNS = 6;

/** One heading with its rows; every cell is safe to print. */
export interface Section {
  readonly title: string;
  readonly rows: readonly (readonly string[])[];
}

/** `mlx compare` in a terminal. */
export function comparisonLines(c: Comparison, charts: Charts): string[] {
  const lines = c.runs.map(
    (r) =>
      `${padEnd(r.label, 3)}${escapeText(r.name)}/${escapeText(r.id)}` +
      `${r.status === 'completed' ? '' : ` (${r.status})`}${r.problems.length > 0 ? ' (damaged)' : ''}`,
  );
  lines.push(`same ${sameText(c)}`);
  for (const { title, rows } of sections(c)) lines.push('', ...tableLines(title, rows));
  for (const curves of [c.curves, c.monitored]) {
    const drawn = overlay(curves, charts);
    if (drawn.length > 0) lines.push('', ...drawn);
  }
  lines.push('', ...c.verdicts.map((v) => `verdict  ${verdictText(v, c)}`));
  return lines;
}

/** What the runs have in common. */
export function sameText({ config, data, environment, against, same_config }: Comparison): string {
  const same = [`${count(same_config)} config values`];
  if (config.length === 0) same[0] = 'config';
  if (data.length === 0) same.push('data', 'split');
  const examples = against.find((p): p is Paired => !('refused' in p))?.examples;
  if (examples !== undefined && against.every((p) => !('refused' in p)))
    same.push(`test set (${count(examples)})`);
  if (environment.length === 0) same.push('engine', 'versions', 'machine');
  return same.join(', ');
}

/** All tables of a comparison, only with what differs. */
export function sections(c: Comparison): Section[] {
  const labels = c.runs.map((r) => r.label);
  const many = labels.length > MOST_COLUMNS;
  const found: Section[] = [];
  const add = (title: string, head: readonly string[], rows: readonly (readonly string[])[]) => {
    if (rows.length > 0) found.push({ title, rows: [[title, ...head], ...rows] });
  };
  const differing = (title: string, all: readonly Difference[]) =>
    add(
      title,
      many ? ['values'] : labels,
      all.map((difference) => {
        const [path, ...cells] = differenceCells(difference);
        return [path, ...(many ? [grouped(cells, labels)] : cells)];
      }),
    );
  differing('config', c.config);
  differing('data', c.data);
  differing('environment', c.environment);
  if (many) {
    const names = c.metrics.filter(({ name }) => name.startsWith('test.')).slice(0, 4);
    add(
      'test',
      names.map(({ name }) => escapeText(name.slice(5))),
      c.runs.map((run, i) => [
        `${run.label} ${escapeText(run.id)}`,
        ...names.map(({ values }) => metric(values[i]?.value)),
      ]),
    );
  } else
    for (const split of ['test', 'validation', 'train'])
      add(split, [...labels, ...(split === 'test' ? deltaHead(c) : [])], metricRows(c, split));
  add(
    'cost',
    many ? ['time', 'ex/s', 'parameters', 'memory'] : labels,
    many
      ? c.runs.map((r) => [
          r.label,
          ...[r.seconds && clock(r.seconds), r.samples_per_second, r.parameters].map(text),
          memory(r.peak_rss_bytes),
        ])
      : [
          ['time', ...c.runs.map((r) => (r.seconds === null ? '-' : clock(r.seconds)))],
          ['epochs', ...c.runs.map((r) => text(r.epochs))],
          ['samples/s', ...c.runs.map((r) => text(r.samples_per_second))],
          ['parameters', ...c.runs.map((r) => text(r.parameters))],
          ['memory', ...c.runs.map((r) => memory(r.peak_rss_bytes))],
        ],
  );
  for (const p of c.against) if (!('refused' in p)) found.push(...flipSections(p, baselineOf(c).label));
  return found;
}

/**
 * The path and what each run has there; of a step that the baseline hasn't got `+ architecture[2].dropout`.
 */
export function differenceCells({ path, values, change }: Difference): [path: string, ...values: string[]] {
  const sign = change === undefined ? '' : change === 'inserted' ? '+ ' : '- ';
  return [
    sign + escapeText(path),
    ...values.map((v) => (v === null ? '-' : truncate(escapeText(v), LONGEST))),
  ];
}

/** The run that the others are compared with: the first. */
export function baselineOf({ runs: [first] }: Comparison): Comparison['runs'][number] {
  invariant(first, 'a comparison has a first run');
  return first;
}

const memory = (value: number | null): string => (value === null ? '-' : mebibytes(value));

const text = (value: string | number | null): string =>
  value === null ? '-' : typeof value === 'number' ? count(value) : value;

/** `adam: A C, adamw: B`. */
function grouped(cells: readonly string[], labels: readonly string[]): string {
  const by = new Map<string, string[]>();
  for (const [i, label] of labels.entries()) {
    const cell = cells[i] ?? '';
    by.set(cell, [...(by.get(cell) ?? []), label]);
  }
  return [...by].map(([cell, of]) => `${cell}: ${of.join(' ')}`).join(', ');
}

const deltaHead = (c: Comparison): string[] =>
  c.against.map((p) => `${p.run}-${baselineOf(c).label}${'refused' in p ? '' : ' [95%]'}`);

function metricRows(c: Comparison, split: string): string[][] {
  return c.metrics
    .filter(({ name }) => name.startsWith(`${split}.`))
    .map(({ name, values }) => {
      const own = name.slice(split.length + 1);
      const cells = values.map((v) => metric(v?.value));
      if (split !== 'test') return [escapeText(own), ...cells];
      return [escapeText(own), ...cells, ...c.against.map((p, i) => deltaText(p, own, values, i + 1))];
    });
}

type Values = Comparison['metrics'][number]['values'];

function deltaText(p: Comparison['against'][number], name: string, values: Values, i: number): string {
  const found = 'refused' in p ? undefined : p.metrics.find((m) => m.name === name);
  if (found) {
    const { difference, interval } = found;
    if (difference === null) return 'n/a';
    return signed(difference) + (interval ? ` [${signed(interval[0])}, ${signed(interval[1])}]` : '');
  }
  const [was, is] = [values[0]?.value, values[i]?.value];
  if ('refused' in p || typeof was !== 'number' || typeof is !== 'number') return '-';
  return signed(is - was);
}

export const signed = (value: number): string => (value > 0 ? '+' : '') + metric(value);

function flipSections({ run, flips, classes, labels, metrics }: Paired, first: string): Section[] {
  const found: Section[] = [];
  if (flips) {
    const p = metrics.find((m) => m.test === 'McNemar')?.p;
    const ids = (list: NonNullable<typeof flips>['fixed']) => {
      const shown = list.slice(0, MOST_IDS).map((f) => truncate(escapeText(f.id), 16));
      return shown.join(' ') + (list.length > MOST_IDS ? ` … (${count(list.length)} in --json)` : '');
    };
    const title = `flips ${first}→${run}`;
    const rows = [[title, 'count', p === undefined ? 'ids' : `ids (McNemar ${pText(p)})`]];
    rows.push([`${run} fixes`, count(flips.fixed.length), ids(flips.fixed)]);
    rows.push([`${run} breaks`, count(flips.broken.length), ids(flips.broken)]);
    found.push({ title, rows });
  }
  const changed = (classes ?? [])
    .filter(({ was, is }) => was !== is)
    .sort((a, b) => Math.abs((b.is ?? 0) - (b.was ?? 0)) - Math.abs((a.is ?? 0) - (a.was ?? 0)));
  if (changed.length > 0) {
    const title = `${labels ? 'label' : 'class'} f1 ${first}→${run}`;
    const rows = changed
      .slice(0, MOST_CLASSES)
      .map((c) => [
        truncate(escapeText(c.class), LONGEST),
        metric(c.was),
        metric(c.is),
        c.was === null || c.is === null ? 'n/a' : signed(c.is - c.was),
      ]);
    const rest = changed.length > MOST_CLASSES ? ` (${changed.length - MOST_CLASSES} more)` : '';
    found.push({ title, rows: [[title + rest, first, run, `${run}-${first}`], ...rows] });
  }
  return found;
}

/** A p value never reads as 0. */
export const pText = (p: number): string => (p < 0.001 ? 'p < 0.001' : `p = ${p.toFixed(3)}`);

export function verdictText(v: Verdict, comparison: Comparison): string {
  const { against } = comparison;
  const first = baselineOf(comparison);
  if (v.verdict === 'refused') return `${v.run}: refused: ${escapeText(v.reason ?? '')}`;
  const corrected = against.length > 1 ? `, Holm's correction for ${against.length} comparisons` : '';
  const why = ` (${escapeText(v.metric ?? '')}, ${v.test}, ${pText(v.p ?? 1)}${corrected})`;
  if (v.verdict === 'no difference shown')
    return `${v.run} against ${first.label}: no difference shown${why}`;
  return `${v.run} is ${v.verdict} than ${first.label}${why}`;
}

/** The first column to the left, the others to the right. */
export function tableLines(title: string, rows: readonly (readonly string[])[]): string[] {
  const [head = []] = rows;
  const words = title.startsWith('flips') || head.length === 2;
  const widths = columnWidths(rows);
  return rows.map((row, r) =>
    row
      .map((cell, i) => {
        const indented = i === 0 && r > 0 ? `  ${cell}` : cell;
        if (i === 0) return padEnd(indented, Math.max((widths[0] ?? 0) + 2, 12));
        return words && i === row.length - 1 ? cell : padStart(cell, widths[i] ?? 0);
      })
      .join('  ')
      .trimEnd(),
  );
}
