import { type DiagnosisEntry, percent } from './diagnosis.ts';

/**
 * Half of a layer's tanh or sigmoid values, or more, are within 1% of their ends, where they hardly have a
 * gradient.
 */
export const saturatedActivations: DiagnosisEntry = {
  name: 'saturated_activations',
  help: 'a tanh or sigmoid layer gives its extreme values nearly always and learns slowly',
  find({ layers }) {
    const worst = layers.toSorted((a, b) => b.saturated - a.saturated)[0];
    if (!worst || worst.saturated < 0.5) return undefined;
    return {
      confidence: worst.saturated > 0.8 ? 'high' : 'medium',
      size: worst.saturated,
      evidence: `${percent(worst.saturated)} of the values of ${worst.layer} are within 1% of an end`,
      advice: '`normalize` the features, smaller initial weights, or `relu` between the layers',
    };
  },
};
