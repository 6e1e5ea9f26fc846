import { type DiagnosisEntry, percent } from './diagnosis.ts';

/** Half of a layer's ReLUs, or more, give 0 for every example: no gradient reaches them, they stay so. */
export const deadUnits: DiagnosisEntry = {
  name: 'dead_units',
  help: 'units of a ReLU layer that give 0 for every example and can’t learn any more',
  find({ layers }) {
    const worst = layers.toSorted((a, b) => b.dead / b.units - a.dead / a.units)[0];
    if (!worst || worst.dead / worst.units < 0.5) return undefined;
    const share = worst.dead / worst.units;
    return {
      confidence: 'high',
      size: share,
      evidence: `${worst.dead} of the ${worst.units} units of ${worst.layer} (${percent(share)}) give 0 for every training example looked at`,
      advice: 'a smaller learning rate, `kernel_initializer: he_normal`, or `leaky_relu`',
    };
  },
};
