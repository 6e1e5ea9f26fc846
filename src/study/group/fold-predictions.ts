import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseCsv } from '../../record/index.ts';

/** Beyond these many bytes together, what the runs have stays with them. */
const MOST = 2 ** 28;

export interface Tested {
  /** Folder of the run. */
  readonly run: string;
  /** `fold 3`. */
  readonly label: string;
}

/**
 * Out-of-fold predictions: what each run said of the rows that it never trained on, as one table in the order of the rows, with the
 * run's label as a last column. Ids are those of the source.
 * @returns the lines; undefined where a run hasn't any, their columns differ, or they are too many
 */
export function foldPredictions(runs: readonly Tested[]): string[] | undefined {
  const files = runs.map(({ run }) => join(run, 'predictions.csv'));
  try {
    if (files.reduce((sum, file) => sum + statSync(file).size, 0) > MOST) return undefined;
    const tables = files.map((file) => parseCsv(readFileSync(file, 'utf8')));
    const head = tables[0]?.[0];
    if (!head || tables.some((table) => table[0]?.join() !== head.join())) return undefined;
    const rows = tables.flatMap((table, i) => table.slice(1).map((cells) => [...cells, runs[i]!.label]));
    rows.sort((a, b) => Number(a[0]) - Number(b[0]));
    return [[...head, 'fold'], ...rows].map((cells) => `${cells.map(quoted).join(',')}\n`);
  } catch {
    return undefined; // a run that was damaged since
  }
}

/** Cells are as a run wrote them but for their quotes. */
const quoted = (cell: string) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
