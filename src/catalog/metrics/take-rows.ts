import type { ClassScores, Predictions } from '../../protocol/predictions.ts';
import { countLabels } from './labels.ts';

/** The predictions of some rows, each as often as it is named. */
export function takeRows<P extends Predictions>(p: P, rows: Uint32Array): P;
export function takeRows(p: Predictions, rows: Uint32Array): Predictions {
  switch (p.form) {
    case 'numbers':
      return {
        ...p,
        ...scoresAt(p, rows),
        truth: pick(p.truth, new Float32Array(rows.length * p.units), rows),
      };
    case 'labels': {
      const taken = {
        ...p,
        ...scoresAt(p, rows),
        truth: pick(p.truth, new Int32Array(rows.length * p.units), rows),
        predicted: pick(p.predicted, new Int32Array(rows.length * p.units), rows),
      };
      return { ...taken, counts: countLabels(taken) };
    }
    case 'classes': {
      const taken = takeScores(p, rows);
      const predicted = pick(p.predicted, new Int32Array(rows.length), rows);
      const confusion = p.confusion.map((line) => new Array<number>(line.length).fill(0));
      predicted.forEach((k, i) => {
        confusion[taken.truth[i]!]![k]!++;
      });
      return { ...taken, predicted, confusion };
    }
  }
}

/** The same of scores of classes without decisions. */
export const takeScores = (p: ClassScores, rows: Uint32Array): ClassScores => ({
  ...p,
  ...scoresAt(p, rows),
  truth: pick(p.truth, new Int32Array(rows.length), rows),
});

const scoresAt = ({ scores, units }: Pick<Predictions, 'scores' | 'units'>, rows: Uint32Array) => ({
  count: rows.length,
  scores: pick(scores, new Float32Array(rows.length * units), rows),
});

/** Values `[count, width]` at some rows; the width is that of `out`. */
function pick<T extends Int32Array | Float32Array>(from: T, out: T, rows: Uint32Array): T {
  const width = rows.length === 0 ? 0 : out.length / rows.length;
  rows.forEach((row, i) => {
    for (let j = 0; j < width; j++) out[i * width + j] = from[row * width + j]!;
  });
  return out;
}
