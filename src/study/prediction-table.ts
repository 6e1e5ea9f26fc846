import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Predictions, readKept } from '../evaluate/index.ts';
import { type Result, taskIn } from '../protocol/result.ts';
import { parseCsv } from '../record/index.ts';

/** predictions.csv of a run. */
export interface PredictionTable {
  readonly ids: readonly string[];
  /** As text: a class, labels or numbers joined by commas. */
  readonly truth: readonly string[];
  readonly predicted: readonly string[];
  /** Class and label tasks: with as many score columns as the head has. */
  readonly predictions: Predictions;
  /** Loss of each example; left out where an earlier version wrote the file. */
  readonly losses?: Float32Array;
  /** Group of each example, where the split went by groups. */
  readonly groups?: readonly string[];
}

/** @returns the table of a run with this result, or why there is none */
export function readPredictions(
  folder: string,
  result: Pick<Result, 'task' | 'confusion' | 'per_class'> | null | undefined,
): PredictionTable | { readonly missing: string } {
  let rows: string[][];
  try {
    rows = parseCsv(readFileSync(join(folder, 'predictions.csv'), 'utf8'));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return { missing: code === 'ENOENT' ? 'it has no predictions.csv' : `predictions.csv: ${message}` };
  }
  return predictionTable(rows, result);
}

/** Of the file's rows, its head included. */
export function predictionTable(
  rows: readonly (readonly string[])[],
  result: Pick<Result, 'task' | 'confusion' | 'per_class'> | null | undefined,
): PredictionTable | { readonly missing: string } {
  const [head = [], ...body] = rows;
  if (body.some((row) => row.length !== head.length)) return { missing: 'predictions.csv is damaged' };
  const columns = (start: string) =>
    head.flatMap((name, i) => (name === start || name.startsWith(`${start}_`) ? [i] : []));
  const [truths, predicteds, scored] = [columns('truth'), columns('prediction'), columns('score')];
  if (head[0] !== 'id' || truths.length === 0 || truths.length !== predicteds.length)
    return { missing: 'predictions.csv has no columns id, truth and prediction' };
  const cells = (places: readonly number[]) => body.map((row) => places.map((i) => row[i] ?? ''));
  const [loss, group] = [head.indexOf('loss'), head.indexOf('group')];
  const kept = {
    outputs: result?.confusion?.classes ?? result?.per_class?.map((row) => row.class) ?? [],
    truth: cells(truths),
    prediction: cells(predicteds),
    scores: cells(scored),
  };
  const found = readKept(taskIn(result ?? {}), kept);
  if ('missing' in found) return found;
  return {
    ids: body.map(([id = '']) => id),
    ...found,
    ...(loss > 0 && { losses: Float32Array.from(body, (row) => Number(row[loss])) }),
    ...(group > 0 && { groups: body.map((row) => row[group] ?? '') }),
  };
}
