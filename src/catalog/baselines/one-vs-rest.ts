import type { BaselineEntry, Predictor, Rows, TrainingRows } from './baseline.ts';

/**
 * OneVsRestClassifier (scikit-learn): a model of two classes for each label, by itself. A label that all rows have, or none, is
 * always so. Scores are probabilities, or margins about 0.
 */
export function oneVsRest(entry: Pick<BaselineEntry, 'fit' | 'margins'>, rows: TrainingRows): Predictor {
  const { count, outputs, y } = rows;
  const models = Array.from({ length: outputs }, (_, k) => {
    const own = Int32Array.from({ length: count }, (_, i) => y[i * outputs + k]!);
    const positives = own.reduce((sum, has) => sum + has, 0);
    if (positives === 0 || positives === count)
      return (other: Rows) => constant(other.count, Math.sign(positives));
    // Guesses at one label tell nothing of those at the next.
    return entry.fit({ ...rows, y: own, outputs: 2, form: 'classes', seed: rows.seed + k });
  });
  return (other) => {
    const out = new Float32Array(other.count * outputs);
    models.forEach((model, k) => {
      const scores = model(other);
      for (let i = 0; i < other.count; i++) {
        const [without, has] = [scores[2 * i]!, scores[2 * i + 1]!];
        out[i * outputs + k] = entry.margins ? has - without : has;
      }
    });
    return out;
  };
}

const constant = (count: number, has: number): Float32Array =>
  Float32Array.from({ length: 2 * count }, (_, i) => (i % 2 === 1 ? has : 1 - has));
