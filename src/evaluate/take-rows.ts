import { countLabels } from '../catalog/metrics/index.ts';
import type { Predictions } from '../catalog/metrics/metric.ts';

/** The predictions of some rows, each as often as it is named. */
export function takeRows(p: Predictions, rows: Uint32Array): Predictions {
  const { units, predicted, confusion } = p;
  const count = rows.length;
  const width = p.truth.length / Math.max(1, p.count);
  const scores = new Float32Array(count * units);
  const truth = predicted ? new Int32Array(count * width) : new Float32Array(count * width);
  rows.forEach((row, i) => {
    for (let j = 0; j < units; j++) scores[i * units + j] = p.scores[row * units + j]!;
    for (let j = 0; j < width; j++) truth[i * width + j] = p.truth[row * width + j]!;
  });
  if (!predicted) return { ...p, count, scores, truth };
  if (p.labels) {
    const decided = new Int32Array(count * units);
    rows.forEach((row, i) => {
      for (let j = 0; j < units; j++) decided[i * units + j] = predicted[row * units + j]!;
    });
    const taken = { ...p, count, scores, truth, predicted: decided };
    return { ...taken, counts: countLabels(taken) };
  }
  if (!confusion) return { ...p, count, scores, truth };
  const decided = count === 0 ? new Int32Array() : Int32Array.from(rows, (row) => predicted[row]!);
  const counts = confusion.map((line) => new Array<number>(line.length).fill(0));
  decided.forEach((k, i) => {
    counts[truth[i]!]![k]!++;
  });
  return { ...p, count, scores, truth, predicted: decided, confusion: counts };
}
