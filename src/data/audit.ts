import { drawn } from '../catalog/audits/drawn.ts';
import {
  type AuditData,
  type AuditEntry,
  type AuditPart,
  type AuditResult,
  audits,
  type PartName,
  type Rows,
} from '../catalog/audits/index.ts';
import type { Targets } from '../catalog/sources/source.ts';
import { targetWidth } from '../catalog/sources/target.ts';
import type { Config } from '../config/config.ts';
import { dataSeed } from '../config/data-seed.ts';
import { prepared } from './chain.ts';
import type { KnownData } from './known.ts';
import type { Split } from './split.ts';

/** Training rows that checks of features look at. */
const SAMPLED = 20_000;

/**
 * The leakage audit: every check that the config hasn't switched off, on the rows as the source has them. Costs a few passes over the rows
 * (hashes of all of them; the rest looks at samples), seconds for millions.
 */
export const auditRows = (config: Config, raw: KnownData, split: Split): AuditResult =>
  auditOf(config, auditData(config, raw, split), audits);

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
      entry
        .run(data)
        .map((found) => ({ check: entry.name, level: levelOf(entry) as 'warn' | 'fail', ...found })),
    ),
  };
}

export function auditData(config: Config, raw: KnownData, split: Split): AuditData {
  const { data } = config;
  const seed = dataSeed(config);
  const parts = Object.fromEntries(
    (['train', 'validation', 'test'] as const).map((name) => [name, partOf(raw, split[name])]),
  ) as Record<PartName, AuditPart>;
  const { columns, target } = raw;
  return {
    parts,
    columns,
    target,
    targetName: target.kind === 'number' ? target.columns[0]! : (data.target ?? 'the class'),
    split: data.split,
    seed,
    ...(columns && columns.length > 0 ? { sample: sampleOf(parts.train, columns, seed) } : {}),
  };
}

function partOf(raw: KnownData, rows: Uint32Array): AuditPart {
  const width = targetWidth(raw.target);
  const { y } = raw;
  const labels = new (y.constructor as new (count: number) => Targets)(rows.length);
  for (let i = 0; i < rows.length; i++) labels[i] = y[rows[i]! * width]!;
  const ids = raw.ids ? rows.map((row) => raw.ids![row]!) : rows;
  return { ...prepared(raw, rows, [], false), labels, ids };
}

function sampleOf(train: AuditPart, columns: NonNullable<KnownData['columns']>, seed: number) {
  const at = drawn(train.count, SAMPLED, seed, 'sample');
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
