import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type FoldPart, gathered, type OutOfFold } from '../../../evaluate/index.ts';
import { csvQuoted, parseCsv } from '../../../record/index.ts';
import { type PredictionTable, predictionTable } from '../../prediction-table.ts';

/** Beyond these many bytes together, what the runs have stays with them. */
const MOST = 2 ** 28;

export interface Tested {
  /** Folder of the run. */
  readonly run: string;
  /** `fold 3`. */
  readonly label: string;
  readonly result: Parameters<typeof predictionTable>[1];
}

/** What each run of a cross-validation said of the rows that it never trained on. */
export interface FoldTables {
  readonly outOfFold: OutOfFold;
  /** Ids and true values, run by run: whether two cross-validations are of the same examples. */
  readonly examples: readonly Pick<PredictionTable, 'ids' | 'truth'>[];
  /**
   * All as one table, with the run's label as a last column, in the order of the rows; ids are those of the
   * source.
   */
  lines(): string[];
}

/** @returns the predictions of some folds, or why there are none */
export function readFolds(runs: readonly Tested[]): FoldTables | { readonly missing: string } {
  const files = runs.map(({ run }) => join(run, 'predictions.csv'));
  try {
    const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
    if (bytes > MOST)
      return { missing: `their predictions are ${Math.round(bytes / 2 ** 20)} MiB, more than are read` };
    const read = files.map((file) => parseCsv(readFileSync(file, 'utf8')));
    const head = read[0]?.[0];
    if (!head || read.some((rows) => rows[0]?.join() !== head.join()))
      return { missing: 'the columns of their predictions.csv differ' };
    const tables: PredictionTable[] = [];
    for (const [i, rows] of read.entries()) {
      const table = predictionTable(rows, runs[i]!.result);
      if ('missing' in table) return table;
      tables.push(table);
    }
    return {
      outOfFold: gathered(tables.map(partOf)),
      examples: tables,
      lines() {
        const rows = read.flatMap((table, i) => table.slice(1).map((cells) => [...cells, runs[i]!.label]));
        rows.sort((a, b) => Number(a[0]) - Number(b[0]));
        return [[...head, 'fold'], ...rows].map((cells) => `${cells.map(csvQuoted).join(',')}\n`);
      },
    };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException; // a run that was damaged since
    return { missing: code === 'ENOENT' ? 'a run has no predictions.csv' : `predictions.csv: ${message}` };
  }
}

const partOf = ({ predictions, losses, ids, groups }: PredictionTable): FoldPart => ({
  predictions,
  ...(losses && { losses }),
  units: groups ?? ids,
});
