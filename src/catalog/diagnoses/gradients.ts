import { type DiagnosisEntry, type Evidence, type GradientSigns, short } from './diagnosis.ts';

/** First and last kernel; fewer than three layers can't vanish by depth. */
function ends(signs: readonly GradientSigns[]) {
  const kernels = signs.filter(({ weight }) => weight.endsWith('/kernel'));
  return kernels.length < 3 ? undefined : { first: kernels[0]!, last: kernels.at(-1)! };
}

const moments = ({ gradients }: Evidence) =>
  [
    ['before the first step', gradients.start],
    ['at the end', gradients.end],
  ] as const;

/** The first layer's gradient is less than a ten thousandth of the last one's. */
export const vanishingGradients: DiagnosisEntry = {
  name: 'vanishing_gradients',
  help: 'hardly any gradient reaches the first layers, so that they don’t learn',
  find(evidence) {
    for (const [when, signs] of moments(evidence)) {
      const pair = ends(signs);
      if (!pair || !(pair.last.rms > 1e-12 && pair.first.rms < 1e-4 * pair.last.rms)) continue;
      const { first, last } = pair;
      return {
        confidence: 'high',
        size: first.rms / last.rms,
        evidence: `${when} the gradient of ${first.weight} is ${short(first.rms)}, that of ${last.weight} ${short(last.rms)}`,
        advice: '`relu` instead of sigmoid or tanh, `batch_normalization`, or fewer layers',
      };
    }
    return undefined;
  },
};

/** A gradient that isn't finite, or whose typical element is above 100. */
export const explodingGradients: DiagnosisEntry = {
  name: 'exploding_gradients',
  help: 'gradients grow from layer to layer beyond all measure',
  find(evidence) {
    for (const [when, signs] of moments(evidence)) {
      const worst = signs.find(({ rms }) => !(rms < 100));
      if (!worst) continue;
      return {
        confidence: 'high',
        ...(Number.isFinite(worst.rms) && { size: worst.rms }),
        evidence: `${when} the gradient of ${worst.weight} has elements of ${short(worst.rms)}`,
        advice: '`clipnorm: 1.0`, `normalize` the features, or smaller initial weights',
      };
    }
    return undefined;
  },
};
