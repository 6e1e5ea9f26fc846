import type { ReliabilityBin } from '../../protocol/metric-values.ts';
import type { ClassScores, LabelPredictions } from '../../protocol/predictions.ts';
import { pooled } from './labels.ts';
import type { MetricEntry } from './metric.ts';
import { scoreOf } from './scores.ts';

/** Bins of equal width of the confidence, Guo et al.'s 15. */
export const CALIBRATION_BINS = 15;

/**
 * The most likely class and its probability, by bin; each label of each example is one of two. A bin without
 * examples has 0 everywhere.
 */
export function reliability(p: ClassScores | LabelPredictions, bins = CALIBRATION_BINS): ReliabilityBin[] {
  if (p.form === 'labels') return reliability(pooled(p), bins);
  const classes = p.classes.length;
  const sums = Array.from({ length: bins }, () => ({ count: 0, confidence: 0, right: 0 }));
  for (let i = 0; i < p.count; i++) {
    let best = classes === 2 && scoreOf(p, i, 1) >= 0.5 ? 1 : 0;
    let confidence = scoreOf(p, i, best);
    for (let k = 0; k < classes; k++) {
      const score = scoreOf(p, i, k);
      if (!(score > confidence)) continue;
      best = k;
      confidence = score;
    }
    const bin = sums[Math.min(bins - 1, Math.max(0, Math.floor(confidence * bins)))]!;
    bin.count++;
    bin.confidence += confidence;
    if (best === p.truth[i]) bin.right++;
  }
  return sums.map(({ count, confidence, right }) => ({
    count,
    confidence: count === 0 ? 0 : confidence / count,
    accuracy: count === 0 ? 0 : right / count,
  }));
}

/**
 * The mean distance of confidence and accuracy over 15 bins (Naeini et al. 2015, Guo et al. 2017). Noise in a
 * bin only ever adds to it, so that resampling would show an interval beside the truth: it has none.
 */
export const expectedCalibrationError: MetricEntry<'classes' | 'labels'> = {
  name: 'expected_calibration_error',
  help: 'mean distance of the confidence of predictions from how often they are right, over 15 bins',
  needs: ['classes', 'labels'],
  probabilities: true,
  direction: 'lower',
  range: [0, 1],
  compute(p) {
    if (p.count === 0) return null;
    const bins = reliability(p);
    const count = p.form === 'labels' ? p.scores.length : p.count;
    return bins.reduce((sum, b) => sum + (b.count / count) * Math.abs(b.accuracy - b.confidence), 0);
  },
  interval: { kind: 'none' },
};
