import type { Diagnosis } from '../../protocol/diagnosis.ts';
import { type DiagnosisEntry, type Evidence, percent, series, short } from './diagnosis.ts';

const LEAST_RISE = 0.05;
const LEAST_GAP = 0.05;

/**
 * Validation's loss rises after its minimum while training's falls (onset: the epoch after the minimum;
 * confidence: Mann and Kendall's test for a trend). Without validation: training's accuracy lies far above
 * the test's interval.
 */
export const overfitting: DiagnosisEntry = {
  name: 'overfitting',
  help: 'the network learns its training examples by heart and gets worse on others',
  find: (evidence) => (series(evidence, 'val_loss').length > 0 ? byCurves(evidence) : byGap(evidence)),
};

function byCurves(evidence: Evidence): Omit<Diagnosis, 'name'> | undefined {
  const [loss, val] = [series(evidence, 'loss'), series(evidence, 'val_loss')];
  const best = val.indexOf(Math.min(...val));
  const after = val.length - 1 - best;
  if (after < 2 || !(loss.at(-1)! < loss[best]!)) return undefined;
  const end = val.slice(-Math.min(3, after));
  const rise = end.reduce((a, b) => a + b) / end.length / val[best]! - 1;
  const trend = rising(val.slice(best));
  if (!(rise >= LEAST_RISE) || trend < 1.28) return undefined;
  const kept = evidence.restored === best + 1 ? `; the weights of epoch ${best + 1} were kept` : '';
  return {
    confidence: trend > 2.33 && after >= 5 ? 'high' : trend > 1.64 ? 'medium' : 'low',
    epoch: best + 2,
    size: rise,
    evidence:
      `${rise < 0.25 ? 'mild' : 'strong'}: val_loss rises by ${percent(rise)} after epoch ${best + 1}, ` +
      `while loss falls from ${short(loss[best]!)} to ${short(loss.at(-1)!)}${kept}`,
    advice: kept
      ? 'more data or a `dropout` layer would delay it'
      : '`early_stopping: { patience: 3 }`, a `dropout` layer, or more data',
  };
}

/** Mann and Kendall's z: how surely a series rises. */
function rising(values: readonly number[]): number {
  const n = values.length;
  let sum = 0;
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) sum += Math.sign(values[j]! - values[i]!);
  const spread = Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18);
  // Three values can't be more than rising.
  return spread === 0 ? 0 : Math.max(0, sum - 1) / spread + (n === 3 && sum === 3 ? 0.5 : 0);
}

function byGap({ gap: name, history, test }: Evidence): Omit<Diagnosis, 'name'> | undefined {
  const last = history.at(-1);
  const sign = name === 'loss' ? -1 : 1;
  const [train, held] = [last?.[name], test[name]];
  if (train === undefined || !held?.interval || held.value === null) return undefined;
  const gap = sign * (train - held.value);
  const beyond = sign > 0 ? train - held.interval[1] >= LEAST_GAP / 2 : held.interval[0] > 2 * train;
  if (!beyond || (sign > 0 && gap < LEAST_GAP)) return undefined;
  return {
    confidence: 'medium',
    size: gap,
    evidence: `${name} is ${short(train)} in training and ${short(held.value)} on test examples`,
    advice: '`split: { validation: 0.1 }` shows since when; then early stopping, `dropout`, or more data',
  };
}
