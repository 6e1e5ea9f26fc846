import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { classPredictions, numberPredictions, type Predictions } from '../evaluate/index.ts';
import { parseCsv } from '../record/index.ts';

/** predictions.csv of a run. */
export interface PredictionTable {
  readonly ids: readonly string[];
  /** As text: a class, or numbers joined by commas. */
  readonly truth: readonly string[];
  readonly predicted: readonly string[];
  /** Class tasks: with as many score columns as the head has. */
  readonly predictions: Predictions;
  /** Loss of each example; left out where an earlier version wrote the file. */
  readonly losses?: Float32Array;
  /** Group of each example, where the split went by groups. */
  readonly groups?: readonly string[];
}

/** @returns the table, or why there is none */
export function readPredictions(
  folder: string,
  classes: readonly string[] | undefined,
): PredictionTable | { readonly missing: string } {
  let rows: string[][];
  try {
    rows = parseCsv(readFileSync(join(folder, 'predictions.csv'), 'utf8'));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return { missing: code === 'ENOENT' ? 'it has no predictions.csv' : `predictions.csv: ${message}` };
  }
  return predictionTable(rows, classes);
}

/** Of the file's rows, its head included. */
export function predictionTable(
  rows: readonly (readonly string[])[],
  classes: readonly string[] | undefined,
): PredictionTable | { readonly missing: string } {
  const [head = [], ...body] = rows;
  if (body.some((row) => row.length !== head.length)) return { missing: 'predictions.csv is damaged' };
  const columns = (start: string) =>
    head.flatMap((name, i) => (name === start || name.startsWith(`${start}_`) ? [i] : []));
  const [truths, predicteds, scored] = [columns('truth'), columns('prediction'), columns('score')];
  if (head[0] !== 'id' || truths.length === 0 || truths.length !== predicteds.length)
    return { missing: 'predictions.csv has no columns id, truth and prediction' };
  const text = (places: readonly number[]) => body.map((row) => places.map((i) => row[i]).join(','));
  const numbers = (places: readonly number[]) =>
    Float32Array.from(body.flatMap((row) => places.map((i) => Number(row[i]))));
  const [loss, group] = [head.indexOf('loss'), head.indexOf('group')];
  const table = {
    ids: body.map((row) => row[0]!),
    truth: text(truths),
    predicted: text(predicteds),
    ...(loss > 0 && { losses: numbers([loss]) }),
    ...(group > 0 && { groups: body.map((row) => row[group]!) }),
  };
  // A class whose name a spreadsheet would run as a formula has an apostrophe in front.
  const names = classes?.map((name) => (table.truth.includes(`'${name}`) ? `'${name}` : name));
  return {
    ...table,
    predictions: names
      ? classPredictions(names, table.truth, table.predicted, numbers(scored))
      : numberPredictions(numbers(truths), numbers(predicteds), truths.length),
  };
}
