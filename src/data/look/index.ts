import { drawn } from '../../catalog/audits/drawn.ts';
import { type AuditData, audits, type PartName } from '../../catalog/audits/index.ts';
import type { Config } from '../../config/config.ts';
import { dataSeed } from '../../config/data-seed.ts';
import { eachInput, type RawData } from '../../readers/raw-data.ts';
import { auditData, auditOf, columnsOf } from '../audit.ts';
import { splitRows } from '../split.ts';
import { withTrainingLevels } from '../training-levels.ts';
import { histogramOf, lookAtColumn, type Samples } from './columns.ts';
import { pearson } from './correlate.ts';
import { imagePoints, project, tablePoints } from './embed.ts';
import type { ByPart, Look, TargetLook } from './look.ts';

export type * from './look.ts';

const PARTS = ['train', 'validation', 'test'] as const;
/** Rows looked at in each part, points of the scatter plots, numbers in the heatmap. */
const SAMPLED = 20_000;
const POINTS = 500;
const CORRELATED = 30;

/**
 * Everything that `mlx inspect` shows, as plain data. Where the target is involved, training rows only.
 * @throws MlxError as a split does
 */
export async function lookAt(
  config: Config,
  read: RawData,
  options: { readonly scatter: boolean },
): Promise<Look> {
  const split = splitRows(read, config.data.split, dataSeed(config), config.seed);
  const inputs = eachInput(read).map((one) => withTrainingLevels(one, split.train));
  const data = auditData(config, inputs, split);
  const { columns } = data;
  const { shape } = data.parts.train;
  const pictures = shape.length === 3 && read.x instanceof Uint8Array;
  const samples = columns && sampleParts(data, columns.length);
  return {
    name: config.name,
    task: config.task,
    source: config.data.source.type,
    files: read.files,
    shape,
    rows: { train: split.train.length, validation: split.validation.length, test: split.test.length },
    split:
      config.data.split.type + (config.data.split.column === null ? '' : ` by ${config.data.split.column}`),
    target: targetLook(data),
    columns: columns && samples ? columns.map((column, j) => lookAtColumn(column, j, samples, data)) : null,
    ...correlations(data),
    ...(options.scatter && (columns || pictures) ? await scatter(data) : {}),
    ...(pictures ? { images: images(data) } : {}),
    audit: auditOf(config, data, audits),
  };
}

function sampleParts({ parts, seed }: AuditData, width: number): Samples {
  return Object.fromEntries(
    PARTS.map((name) => {
      const part = parts[name];
      const at = drawn(part.count, SAMPLED, seed, `look/${name}`);
      return [name, { ...columnsOf(part, at, width), ids: at.map((i) => part.ids[i]!) }];
    }),
  ) as unknown as Samples;
}

function targetLook({ parts, classes, targetName: name }: AuditData): TargetLook {
  const present = PARTS.filter((part) => parts[part].count > 0);
  if (classes) {
    const counts = present.map((part) => {
      const out = new Array<number>(classes.length).fill(0);
      for (let i = 0; i < parts[part].count; i++) out[parts[part].labels[i]!]! += 1;
      return [part, out] as const;
    });
    return { name, classes: { names: classes, counts: Object.fromEntries(counts) } };
  }
  const values = Object.fromEntries(present.map((part) => [part, Float64Array.from(parts[part].labels)]));
  return { name, ...histogramOf(values as ByPart<Float64Array>) };
}

function correlations({ sample, classes, targetName }: AuditData): Pick<Look, 'correlations'> {
  if (!sample) return {};
  const numbers = sample.columns.flatMap(({ kind, name }, j) =>
    kind === 'number' || kind === 'date' || kind === 'binary' ? [{ name, values: sample.values[j]! }] : [],
  );
  const shown = numbers.slice(0, CORRELATED);
  if (!classes) shown.push({ name: targetName, values: sample.labels });
  if (shown.length < 2) return {};
  const r = shown.map((a) => shown.map((b) => (a === b ? 1 : pearson(a.values, b.values))));
  return { correlations: { names: shown.map(({ name }) => name), r } };
}

async function scatter({ parts: { train }, columns, seed }: AuditData): Promise<Pick<Look, 'scatter'>> {
  const at = drawn(train.count, POINTS, seed, 'look/scatter');
  const colors = Array.from(at, (i) => train.labels[i]!);
  const points = columns
    ? tablePoints(columns, columnsOf(train, at, columns.length).values, at.length)
    : imagePoints(rowsOf(train, at), train.shape);
  const projections = await project(points, at.length, seed);
  return projections.length > 0 ? { scatter: { projections, colors } } : {};
}

function rowsOf(part: AuditData['parts'][PartName], at: Iterable<number>): Float64Array[] {
  const size = part.shape.reduce((a, b) => a * b, 1);
  return Array.from(at, (i) => {
    const row = new Float64Array(size);
    part.row(i, row);
    return row;
  });
}

const EACH = 10;
const MOST_CLASSES = 12;

function images({ parts: { train }, classes }: AuditData): Look['images'] {
  const [height, width, channels] = train.shape as [number, number, number];
  const rows = (classes ?? ['all']).slice(0, MOST_CLASSES).map((label, c) => {
    const at: number[] = [];
    for (let i = 0; i < train.count && at.length < EACH; i++)
      if (!classes || train.labels[i] === c) at.push(i);
    return { label, pixels: rowsOf(train, at).map((row) => Uint8Array.from(row)) };
  });
  return { height, width, channels, rows };
}
