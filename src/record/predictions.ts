import { shortest } from '../base/shortest.ts';
import { csvCell as cell } from './csv.ts';

/** One test example. Classes are named; numbers come one for each target, labels as 0 and 1. */
export interface PredictionRow {
  readonly id: string | number;
  readonly truth: string | ArrayLike<number>;
  readonly prediction: string | ArrayLike<number>;
  /** One for each name in the columns' `scores`. */
  readonly scores?: ArrayLike<number>;
  /** One for each name of `extra` in the columns. */
  readonly extra?: readonly number[];
}

export interface PredictionColumns {
  /** What the scores belong to, in their order. */
  readonly scores?: readonly string[];
  /** What truth and prediction are of, where they are several. */
  readonly targets?: readonly string[];
  /** Further columns of each example, at the end: `loss`, and `group` where the split goes by groups. */
  readonly extra?: readonly string[];
}

/** Lines a piece: the whole table may be larger than a string can be. */
const PIECE = 1024;

/**
 * `id, truth, prediction, score_<class>…`, of labels `id, truth_<label>…, prediction_<label>…,
 * score_<label>…`, then the further columns, as RFC 4180 has it, in pieces.
 */
export function* predictionsCsv(
  columns: PredictionColumns,
  rows: Iterable<PredictionRow>,
): Generator<string> {
  let piece = `${header(columns).map(cell).join(',')}\n`;
  let lines = 0;
  for (const { id, truth, prediction, scores = [], extra = [] } of rows) {
    const numbers = [...Array.from(scores, shortest), ...extra.map(shortest)];
    const cells = [cell(id), ...texts(truth), ...texts(prediction), ...numbers];
    piece += `${cells.join(',')}\n`;
    if (++lines % PIECE === 0) {
      yield piece;
      piece = '';
    }
  }
  yield piece;
}

function header({ scores = [], targets = [], extra = [] }: PredictionColumns): string[] {
  const named = (prefix: string) => targets.map((target) => `${prefix}_${target}`);
  const values = targets.length > 1 ? [...named('truth'), ...named('prediction')] : ['truth', 'prediction'];
  return ['id', ...values, ...scores.map((name) => `score_${name}`), ...extra];
}

const texts = (value: PredictionRow['truth']): string[] =>
  typeof value === 'string' ? [cell(value)] : Array.from(value, shortest);
