import type { Found } from '../../protocol/audit-result.ts';
import { type AuditData, type AuditEntry, type AuditPart, percent, type TrainingSample } from './audit.ts';

const LEAST_ROWS = 100;
/**
 * Share of the target's variance that the time it was measured in explains: below it nobody would see a
 * drift.
 */
const NOTICEABLE = 0.05;
const PERIODS = 10;

/**
 * Rows have dates. A split that takes no account of them lets training see the neighbours in time of test
 * rows: reported where the target of training rows drifts. In a split that keeps times apart (fixed),
 * training rows must not come after those of the test.
 */
export const time: AuditEntry = {
  name: 'time',
  help: 'rows with dates split at random though the target drifts, or training rows later than test rows',
  level: 'warn',
  ofTarget: true,
  run(data) {
    const { sample, split } = data;
    if (!sample || split.type === 'time') return [];
    return sample.columns.flatMap((column, j): Found[] => {
      if (column.kind !== 'date') return [];
      if (split.type === 'fixed') return later(data, column.name, j);
      const found = drift(sample, j, data.classes);
      if (found < NOTICEABLE) return [];
      return [
        {
          message: `\`${data.targetName}\` changes with \`${column.name}\`, and the ${split.type} split takes no account of time`,
          notes: [
            `the tenths of the training rows by ${column.name} explain ${percent(found)} of the target’s variance`,
            'training sees what came just before and after each test row; a model in use sees the past only',
          ],
          help: `split: { type: time, column: ${/^\w+$/.test(column.name) ? column.name : JSON.stringify(column.name)} }`,
          path: ['data', 'split'],
          values: { explained: found },
          column: column.name,
        },
      ];
    });
  },
};

/**
 * Variance of the target between periods over all of it, less what chance gives: omega squared; of classes
 * the mean over their indicators.
 */
function drift({ values, labels }: TrainingSample, j: number, classes: AuditData['classes']): number {
  const dated = Uint32Array.from(values[j]!.keys()).filter((i) => !Number.isNaN(values[j]![i]!));
  if (dated.length < LEAST_ROWS) return 0;
  dated.sort((a, b) => values[j]![a]! - values[j]![b]! || a - b);
  const period = (k: number) => Math.floor((PERIODS * k) / dated.length);
  if (!classes) return omega(dated, period, (i) => labels[i]!);
  const each = classes.map((_, c) => omega(dated, period, (i) => Number(labels[i] === c)));
  return Math.max(...each);
}

function omega(order: Uint32Array, period: (k: number) => number, y: (i: number) => number): number {
  const sums = new Float64Array(PERIODS);
  const counts = new Float64Array(PERIODS);
  let squares = 0;
  order.forEach((i, k) => {
    const p = period(k);
    sums[p] = sums[p]! + y(i);
    counts[p] = counts[p]! + 1;
    squares += y(i) ** 2;
  });
  const n = order.length;
  const mean = sums.reduce((a, b) => a + b, 0) / n;
  const total = squares - n * mean ** 2;
  if (total <= 0) return 0;
  const between = sums.reduce((sum, s, p) => sum + counts[p]! * (s / counts[p]! - mean) ** 2, 0);
  const within = (total - between) / (n - PERIODS);
  return Math.max(0, (between - (PERIODS - 1) * within) / (total + within));
}

/** Of a fixed split whose test rows are the later ones for the most part. */
function later({ parts, columns }: AuditData, name: string, j: number): Found[] {
  const train = dates(parts.train, columns!.length, j);
  const test = dates(parts.test, columns!.length, j);
  if (train.length === 0 || test.length === 0) return [];
  const first = test[0]!;
  const after = train.filter((date) => date >= first).length;
  if (after === 0) return [];
  return [
    {
      message: `${after} of ${train.length} training rows (${percent(after / train.length)}) are not earlier by \`${name}\` than the first test row`,
      notes: [`the first test row is of ${day(first)}, the last training row of ${day(train.at(-1)!)}`],
      help: `split: { type: time, column: ${/^\w+$/.test(name) ? name : JSON.stringify(name)} }, or \`audit: { time: off }\` where time doesn't matter`,
      path: ['data', 'split'],
      values: { rows: after, share: after / train.length },
      column: name,
    },
  ];
}

function dates(part: AuditPart, width: number, j: number): Float64Array {
  const row = new Float64Array(width);
  const out = new Float64Array(part.count);
  for (let i = 0; i < part.count; i++) {
    part.row(i, row);
    out[i] = row[j]!;
  }
  return out.filter((date) => !Number.isNaN(date)).sort();
}

const day = (days: number) => new Date(days * 86_400_000).toISOString().slice(0, 10);
