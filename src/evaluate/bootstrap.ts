import type { MetricEntry, Predictions } from '../catalog/metrics/metric.ts';
import { streamKey, uniform } from '../catalog/random.ts';
import { type Interval, quantile } from './intervals.ts';

const RESAMPLES = 1000;
/** Beyond this many examples 1,000 resamples take seconds, and the interval is narrow anyway. */
const MOST_EXAMPLES = 200_000;
/** Undefined resamples (no positive was drawn) are left out, but only so many. */
const MOST_UNDEFINED = RESAMPLES / 20;

/**
 * Percentile bootstrap over examples (Efron 1979), 95%. All metrics see the same resamples, which depend on the
 * number of examples alone. Metrics of classes see a resampled confusion matrix, the others resampled rows.
 * @returns no interval where the resamples don't vary: they then say nothing about the uncertainty
 */
export function bootstrap(p: Predictions, entries: readonly MetricEntry[]): Map<string, Interval> {
  const intervals = new Map<string, Interval>();
  if (entries.length === 0 || p.count < 2 || p.count > MOST_EXAMPLES) return intervals;
  const resample = p.confusion ? confusions(p) : rows(p);
  const drawn = entries.map((): number[] => []);
  for (let b = 0; b < RESAMPLES; b++) {
    const again = resample(b);
    entries.forEach((entry, e) => {
      const value = entry.compute(again);
      if (value !== null && Number.isFinite(value)) drawn[e]!.push(value);
    });
  }
  entries.forEach(({ name }, e) => {
    const values = Float64Array.from(drawn[e]!).sort();
    if (values.length < RESAMPLES - MOST_UNDEFINED || values[0] === values.at(-1)) return;
    intervals.set(name, [quantile(values, 0.025), quantile(values, 0.975)]);
  });
  return intervals;
}

/** Draws as many rows as there are, with replacement; a function of (b, index) alone. */
function draw(rows: Uint32Array, b: number): void {
  const key = streamKey(0, 'evaluate/bootstrap', b);
  const count = rows.length;
  for (let i = 0; i < count; i++) rows[i] = uniform(key, i) * count; // truncates
}

function confusions(p: Predictions): (b: number) => Predictions {
  const classes = p.confusion!.length;
  const cells = p.predicted!.map((predicted, i) => p.truth[i]! * classes + predicted);
  const counts = new Int32Array(classes * classes);
  const drawn = new Uint32Array(p.count);
  return (b) => {
    draw(drawn, b);
    counts.fill(0);
    for (let i = 0; i < drawn.length; i++) counts[cells[drawn[i]!]!]!++;
    const confusion = p.confusion!.map((_, k) => Array.from(counts.subarray(k * classes, (k + 1) * classes)));
    return { ...p, confusion };
  };
}

function rows(p: Predictions): (b: number) => Predictions {
  const { units } = p;
  const scores = new Float32Array(p.scores.length);
  const truth = new Float32Array(p.truth.length);
  const drawn = new Uint32Array(p.count);
  return (b) => {
    draw(drawn, b);
    for (let i = 0; i < drawn.length; i++) {
      const row = drawn[i]! * units;
      for (let j = 0; j < units; j++) {
        scores[i * units + j] = p.scores[row + j]!;
        truth[i * units + j] = p.truth[row + j]!;
      }
    }
    return { ...p, scores, truth };
  };
}
