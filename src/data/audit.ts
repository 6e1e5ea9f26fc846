import { sizeOf } from '../base/shape.ts';
import { drawn } from '../catalog/audits/drawn.ts';
import {
  type AuditData,
  type AuditEntry,
  type AuditPart,
  audits,
  type PartName,
  type Rows,
} from '../catalog/audits/index.ts';
import { taskOf } from '../catalog/tasks/index.ts';
import type { Config } from '../config/config.ts';
import { dataSeed } from '../config/data-seed.ts';
import { targetText } from '../config/target-text.ts';
import type { AuditResult } from '../protocol/audit-result.ts';
import { targetWidth } from '../protocol/target.ts';
import type { Targets } from '../readers/raw-data.ts';
import { prepared } from './chain.ts';
import { labelCounts } from './label-counts.ts';
import type { Split } from './split-rows.ts';
import type { RecodedData } from './training-levels.ts';

/** Training rows that checks of features look at. */
const SAMPLED = 20_000;
/** Labels that checks of the target look at. */
const MOST_LABELS = 20;
const PARTS = ['train', 'validation', 'test'] as const;

/**
 * The leakage audit: every check that the config hasn't switched off, on the source's rows. It takes a few
 * passes over the rows (hashes of all of them, samples for the rest): seconds for millions of rows.
 */
export const auditRows = (config: Config, inputs: readonly RecodedData[], split: Split): AuditResult =>
  auditOf(config, auditData(config, inputs, split), audits);

export function auditOf(
  config: Config,
  data: AuditData,
  entries: ReadonlyMap<string, AuditEntry>,
): AuditResult {
  const levelOf = (entry: AuditEntry) => config.data.audit[entry.name] ?? entry.level;
  const used = [...entries.values()].filter((entry) => levelOf(entry) !== 'off');
  return {
    checks: used.map(({ name }) => name),
    findings: used.flatMap((entry) =>
      (entry.ofTarget && data.labels ? data.labels : [data])
        .flatMap((one) => entry.run(one))
        .map((found) => ({ check: entry.name, level: levelOf(entry) as 'warn' | 'fail', ...found })),
    ),
  };
}

/** @param inputs the data once for each input; the audit looks at rows of all of them side by side */
export function auditData(config: Config, inputs: readonly RecodedData[], split: Split): AuditData {
  const { data } = config;
  const raw = inputs[0]!;
  const task = taskOf(config.task);
  const seed = dataSeed(config);
  const first = task.eachAlone ? combinations(raw) : raw.y;
  const width = first === raw.y ? targetWidth(raw.target) : 1;
  const parts = Object.fromEntries(
    PARTS.map((name) => [name, partOf(inputs, split[name], labelsOf(first, split[name], width))]),
  ) as Record<PartName, AuditPart>;
  const { target } = raw;
  const columns = columnsOfAll(inputs);
  const whole: AuditData = {
    parts,
    columns,
    classes: task.target.classes(target),
    targetName: task.offers.includes('numbers')
      ? task.target.outputs(target)[0]!
      : targetText(data.target, 'the class'),
    split: data.split,
    seed,
    ...(columns && columns.length > 0 ? { sample: sampleOf(parts.train, columns, seed) } : {}),
  };
  if (!task.eachAlone) return whole;
  return { ...whole, labels: eachLabel(whole, raw, task.target.outputs(target), split) };
}

/** Numbers the distinct sets of labels; returns that number for each row. */
function combinations({ y, count, target }: RecodedData): Int32Array {
  const width = targetWidth(target);
  const known = new Map<string, number>();
  return Int32Array.from({ length: count }, (_, row) => {
    const key = y.subarray(row * width, (row + 1) * width).join('');
    const code = known.get(key) ?? known.size;
    known.set(key, code);
    return code;
  });
}

/**
 * The same data once for each label, with that label as a target of two classes; of many labels, those with
 * the most training rows.
 */
function eachLabel(data: AuditData, raw: RecodedData, labels: readonly string[], split: Split): AuditData[] {
  const counts = labelCounts(raw.y, labels.length, split.train);
  const at = sampled(data.parts.train, data.seed);
  return [...labels.keys()]
    .sort((a, b) => counts[b]! - counts[a]! || a - b)
    .slice(0, MOST_LABELS)
    .sort((a, b) => a - b)
    .map((k) => {
      const parts = Object.fromEntries(
        PARTS.map((name) => [
          name,
          { ...data.parts[name], labels: labelsOf(raw.y, split[name], labels.length, k) },
        ]),
      ) as unknown as Record<PartName, AuditPart>;
      const own = Float64Array.from(at, (i) => parts.train.labels[i]!);
      return {
        ...data,
        parts,
        classes: [`without ${labels[k]}`, labels[k]!],
        targetName: labels[k]!,
        ...(data.sample && { sample: { ...data.sample, labels: own } }),
      };
    });
}

/**
 * One number of the target for each of some rows.
 * @param width numbers per row of y
 */
function labelsOf(y: Targets, rows: Uint32Array, width: number, k = 0): Targets {
  const labels = new (y.constructor as new (count: number) => Targets)(rows.length);
  for (let i = 0; i < rows.length; i++) labels[i] = y[rows[i]! * width + k]!;
  return labels;
}

function partOf(inputs: readonly RecodedData[], rows: Uint32Array, labels: Targets): AuditPart {
  const { ids: all } = inputs[0]!;
  const ids = all ? rows.map((row) => all[row]!) : rows;
  return { ...sideBySide(inputs.map((raw) => prepared(raw, rows, [], false))), labels, ids };
}

/** Columns of a row of all inputs; none where one of them is no table. */
function columnsOfAll(inputs: readonly RecodedData[]): RecodedData['columns'] {
  const all = inputs.flatMap(({ columns }) => (columns ? [columns] : []));
  return all.length === inputs.length ? all.flat() : undefined;
}

/** Rows of all inputs as one. */
function sideBySide(parts: readonly Rows[]): Rows {
  const [first, ...more] = parts;
  if (more.length === 0) return first!;
  const widths = parts.map(({ shape }) => sizeOf(shape));
  const own = widths.map((width) => new Float64Array(width));
  return {
    count: first!.count,
    shape: [widths.reduce((a, b) => a + b, 0)],
    row(i, out) {
      let at = 0;
      parts.forEach((part, k) => {
        part.row(i, own[k]!);
        out.set(own[k]!, at);
        at += widths[k]!;
      });
    },
  };
}

/** Their positions. */
const sampled = ({ count }: AuditPart, seed: number) => drawn(count, SAMPLED, seed, 'sample');

function sampleOf(train: AuditPart, columns: NonNullable<RecodedData['columns']>, seed: number) {
  const at = sampled(train, seed);
  return {
    ...columnsOf(train, at, columns.length),
    columns,
    labels: Float64Array.from(at, (i) => train.labels[i]!),
  };
}

/** Rows at ascending positions, column by column. */
export function columnsOf(rows: Rows, at: Uint32Array, width: number) {
  const values = Array.from({ length: width }, () => new Float64Array(at.length));
  const row = new Float64Array(width);
  at.forEach((position, i) => {
    rows.row(position, row);
    for (let j = 0; j < width; j++) values[j]![i] = row[j]!;
  });
  return { count: at.length, values };
}
