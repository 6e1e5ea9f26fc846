import { type StreamKey, streamKey, uniform } from '../../base/random.ts';
import type { MetricEntry } from '../../catalog/metrics/metric.ts';
import type { Predictions } from '../../protocol/predictions.ts';
import { moments, Z } from '../intervals.ts';
import { pairedBootstrap } from '../paired.ts';
import type { Importance, ImportanceReport } from './explanation.ts';

export interface PermutationInput {
  readonly columns: readonly string[];
  readonly count: number;
  readonly metric: MetricEntry;
  readonly repeats: number;
  readonly seed: number;
  /** The model on the examples, column j taken from example `from[i]` for example i; left out: untouched. */
  predict(j?: number, from?: Uint32Array): Promise<Predictions>;
}

const RESAMPLES = 200;

/**
 * Permutation importance (Breiman 2001, as sklearn.inspection.permutation_importance): the metric on
 * untouched examples less that with one column dealt out anew, several times, a positive number being worse.
 * The interval adds up the noise of the permutations and that of the examples (a paired bootstrap, the mean
 * variance over the permutations).
 */
export async function permutationImportance(input: PermutationInput): Promise<ImportanceReport> {
  const { columns, count, metric, repeats, seed, predict } = input;
  const sign = metric.direction === 'higher' ? 1 : -1;
  const untouched = await predict();
  const value = metric.compute(untouched) ?? Number.NaN;
  const found: Importance[] = [];
  for (const [j, column] of columns.entries()) {
    const worse: number[] = [];
    let sampling = 0; // variance
    for (let r = 0; r < repeats; r++) {
      const permuted = await predict(j, permutation(count, streamKey(seed, `explain/${j}`, r)));
      worse.push(sign * (value - (metric.compute(permuted) ?? Number.NaN)));
      const { interval } = pairedBootstrap(permuted, untouched, metric, RESAMPLES);
      if (interval) sampling += ((interval[1] - interval[0]) / (2 * Z)) ** 2 / repeats;
    }
    const { mean, deviation } = moments(worse);
    const error = Math.sqrt(sampling + deviation ** 2 / repeats);
    const half = Z * error;
    found.push({
      column,
      mean,
      // scikit-learn's, over the repeats themselves.
      std: deviation * Math.sqrt((repeats - 1) / repeats),
      ...(half > 0 && { interval: [mean - half, mean + half] as const }),
    });
  }
  found.sort((a, b) => b.mean - a.mean);
  return { metric: metric.name, value, repeats, columns: found };
}

/** Fisher and Yates. */
function permutation(count: number, key: StreamKey): Uint32Array {
  const out = Uint32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(uniform(key, i) * (i + 1));
    [out[i], out[j]] = [out[j]!, out[i]!];
  }
  return out;
}
