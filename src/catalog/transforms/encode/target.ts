import * as z from 'zod';
import { Misfit } from '../../../base/misfit.ts';
import { inOrder } from '../../../base/order.ts';
import { shuffled } from '../../../base/random.ts';
import { counted } from '../../../base/words.ts';
import { atLeastZero, once } from '../../fields.ts';
import { targetOf } from '../supervised.ts';
import type { FitRows, FitTarget, OutColumn, TransformEntry } from '../transform.ts';
import { overRows } from '../words.ts';
import { eachCode, emitTable } from './table.ts';

interface TargetParams {
  readonly smooth: 'auto' | number;
  readonly folds: number;
}

const schema = once(() =>
  z.strictObject({
    smooth: z
      .union([z.literal('auto'), atLeastZero()])
      .default('auto')
      .describe('weight of the overall mean, in rows; auto: from the variance within the level'),
    folds: z
      .int()
      .min(2)
      .max(255)
      .default(5)
      .describe('parts of the training rows, each of which is encoded by the others alone'),
  }),
);

/** Rows, sum and sum of squares of y - mean, for each level and output. */
interface Cells {
  readonly counts: Float64Array;
  readonly sums: Float64Array;
  readonly squares: Float64Array;
}

/** What is averaged of row i: 0/1 for the second of two classes, one 0/1 for each of more, or the number. */
const valuesOf = ({ classes, value }: FitTarget): { outputs: number; of(i: number, o: number): number } =>
  !classes
    ? { outputs: 1, of: (i) => value(i) }
    : classes.length <= 2
      ? { outputs: 1, of: (i) => (value(i) === 1 ? 1 : 0) }
      : { outputs: classes.length, of: (i, o) => (value(i) === o ? 1 : 0) };

/** A fold for each row: drawn, of equal sizes, and of equal shares of each class. */
function drawFolds({ count, stream }: FitRows, { classes, value }: FitTarget, folds: number): Uint8Array {
  const order = shuffled(inOrder(count), stream);
  const out = new Uint8Array(count);
  let next = 0;
  const deal = (rows: Uint32Array) => {
    for (const i of rows) out[i] = next++ % folds;
  };
  if (!classes) deal(order);
  else for (const [c] of classes.entries()) deal(order.filter((i) => value(i) === c));
  return out;
}

/**
 * Encodings `[rows of the table, outputs]`: λ · mean of the level + (1 - λ) · overall mean, where λ = n σ² /
 * (n σ² + s²) with the variance σ² of the target and s² of the target within the level (`auto`), or n / (n +
 * smooth).
 */
function encodings(
  cells: Cells,
  means: readonly number[],
  variances: readonly number[],
  smooth: TargetParams['smooth'],
) {
  const outputs = means.length;
  return cells.sums.map((sum, at) => {
    const o = at % outputs;
    const n = cells.counts[Math.floor(at / outputs)]!;
    const mean = means[o]!;
    if (n === 0) return mean;
    const shift = sum / n; // of the level's mean from the overall one
    if (smooth !== 'auto') return mean + (sum / (n + smooth) || 0);
    const within = Math.max(0, cells.squares[at]! / n - shift * shift);
    const weight = (n * variances[o]!) / (n * variances[o]! + within);
    return mean + (Number.isNaN(weight) ? 0 : weight * shift);
  });
}

/**
 * scikit-learn's TargetEncoder (Micci-Barreca 2001): the mean target of the training rows of a level, drawn
 * towards the overall mean. Training rows are encoded by folds: each by the rows of the other folds, so that
 * no row sees its own target. A level that no training row has gets the overall mean; "missing" is a level of
 * its own.
 */
export const target: TransformEntry<TargetParams> = {
  name: 'target',
  help: 'the mean target of the level, cross-fitted on the training rows',
  get schema() {
    return schema();
  },
  stateless: false,
  accepts: ['category'],
  missing: true,
  shape: () => undefined,
  fit(rows, { smooth, folds }) {
    const y = targetOf('target', rows);
    if (rows.count < folds)
      throw new Misfit('folds', `\`folds\` is ${folds}, but there are only ${rows.count} training rows`, {
        field: 'folds',
        help: `give at most ${rows.count}`,
      });
    const columns = rows.columns ?? [];
    const sizes = Float64Array.from(columns, ({ levels = [] }) => levels.length);
    const tableRows = sizes.reduce((sum, size) => sum + size + 2, 0);
    const { outputs, of } = valuesOf(y);
    const fold = drawFolds(rows, y, folds);
    const { tables, whole } = fitTables({ rows, sizes, tableRows, outputs, of, fold, folds, smooth });
    return {
      summary: `${Array.from(sizes, (size) => counted(size, 'level')).join(', ')}, ${folds} folds ${overRows(rows.count)}`,
      shape: [columns.length * outputs],
      columns: columns.flatMap(({ name }, from) =>
        Array.from(
          { length: outputs },
          (_, o): OutColumn => ({
            name: outputs === 1 ? name : `${name}:${y.classes?.[o]}`,
            kind: 'number',
            from,
          }),
        ),
      ),
      vectors: { sizes, whole, folds: Float64Array.from(tables.flatMap((table) => [...table])) },
      folds: fold,
    };
  },
  apply({ vectors, folds: foldOf, shape }, rows, count, context) {
    const { sizes, whole, folds } = vectors as Record<'sizes' | 'whole' | 'folds', Float64Array>;
    const outputs = shape[0]! / sizes.length;
    const out = new Float64Array(count * shape[0]!);
    const training = context?.training;
    eachCode(sizes, rows, count, (i, j, row) => {
      const table =
        training === undefined
          ? whole
          : folds.subarray(
              foldOf![training + i]! * whole.length,
              (foldOf![training + i]! + 1) * whole.length,
            );
      for (let o = 0; o < outputs; o++) out[i * shape[0]! + j * outputs + o] = table[row * outputs + o]!;
    });
    return out;
  },
  emit(g, x, { vectors, shape }) {
    const { sizes, whole } = vectors as Record<'sizes' | 'whole', Float64Array>;
    const parts = emitTable(g, x, { sizes, rows: whole, outputs: shape[0]! / sizes.length });
    return parts.length === 1 ? parts[0]! : g.concat(parts, 1);
  },
};

interface Task {
  readonly rows: FitRows;
  readonly sizes: Float64Array;
  readonly tableRows: number;
  readonly outputs: number;
  readonly of: (i: number, o: number) => number;
  readonly fold: Uint8Array;
  readonly folds: number;
  readonly smooth: TargetParams['smooth'];
}

/** One table from all rows, and one for each fold from the rows of the others. */
function fitTables({ rows, sizes, tableRows, outputs, of, fold, folds, smooth }: Task) {
  const centre = new Float64Array(outputs);
  for (let i = 0; i < rows.count; i++)
    for (let o = 0; o < outputs; o++) centre[o] = centre[o]! + of(i, o) / rows.count;
  const empty = (): Cells => ({
    counts: new Float64Array(tableRows),
    sums: new Float64Array(tableRows * outputs),
    squares: new Float64Array(tableRows * outputs),
  });
  const cells = Array.from({ length: folds }, empty);
  const totals = Array.from({ length: folds }, () => ({
    n: 0,
    sums: new Float64Array(outputs),
    squares: new Float64Array(outputs),
  }));
  const row = new Float64Array(sizes.length);
  for (let i = 0; i < rows.count; i++) {
    rows.row(i, row);
    const own = cells[fold[i]!]!;
    const total = totals[fold[i]!]!;
    total.n++;
    for (let o = 0; o < outputs; o++) {
      const d = of(i, o) - centre[o]!;
      total.sums[o] = total.sums[o]! + d;
      total.squares[o] = total.squares[o]! + d * d;
    }
    eachCode(sizes, row, 1, (_, __, at) => {
      own.counts[at] = own.counts[at]! + 1;
      for (let o = 0; o < outputs; o++) {
        const d = of(i, o) - centre[o]!;
        own.sums[at * outputs + o] = own.sums[at * outputs + o]! + d;
        own.squares[at * outputs + o] = own.squares[at * outputs + o]! + d * d;
      }
    });
  }
  /** The table from the rows of some folds. */
  const table = (used: readonly number[]): Float64Array => {
    const n = used.reduce((sum, f) => sum + totals[f]!.n, 0);
    const sumOf = (part: (f: number) => number) => used.reduce((sum, f) => sum + part(f), 0);
    const shifts = Array.from({ length: outputs }, (_, o) => sumOf((f) => totals[f]!.sums[o]!) / n);
    const variances = shifts.map((shift, o) =>
      Math.max(0, sumOf((f) => totals[f]!.squares[o]!) / n - shift * shift),
    );
    // From sums around the centre of all rows to sums around the mean of these.
    const counts = new Float64Array(tableRows).map((_, at) => sumOf((f) => cells[f]!.counts[at]!));
    const sums = new Float64Array(tableRows * outputs).map(
      (_, at) =>
        sumOf((f) => cells[f]!.sums[at]!) - counts[Math.floor(at / outputs)]! * shifts[at % outputs]!,
    );
    const squares = sums.map((sum, at) => {
      const shift = shifts[at % outputs]!;
      const of = counts[Math.floor(at / outputs)]!;
      return sumOf((f) => cells[f]!.squares[at]!) - 2 * shift * sum - of * shift * shift;
    });
    const means = shifts.map((shift, o) => centre[o]! + shift);
    return encodings({ counts, sums, squares }, means, variances, smooth);
  };
  const all = Array.from({ length: folds }, (_, f) => f);
  return { whole: table(all), tables: all.map((f) => table(all.filter((other) => other !== f))) };
}
