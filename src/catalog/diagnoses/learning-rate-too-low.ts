import { type DiagnosisEntry, percent, series, short } from './diagnosis.ts';

/** The loss falls in every epoch, as fast at the end as at the start, and hasn't come far. */
export const learningRateTooLow: DiagnosisEntry = {
  name: 'learning_rate_too_low',
  help: 'steps are so small that training ends before it has come anywhere',
  symptom: true,
  find(evidence) {
    const { firstLoss, learningRate } = evidence;
    const loss = series(evidence, 'loss');
    if (firstLoss === null || loss.length < 3 || !(firstLoss > 0)) return undefined;
    const steps = loss.slice(1).map((v, i) => loss[i]! - v);
    const falling = steps.filter((s) => s > 0).length / steps.length;
    const way = 1 - loss.at(-1)! / firstLoss;
    const early = steps[0]!;
    const late = steps.at(-1)!;
    if (!(falling > 0.9 && way > 0 && way < 0.3 && late > 0.5 * early)) return undefined;
    return {
      confidence: way < 0.1 ? 'high' : 'medium',
      size: way,
      evidence: `loss has fallen by ${percent(way)} in ${loss.length} epochs, at the end as fast as at the start`,
      advice: `\`learning_rate: ${short(learningRate * 10)}\`, or more epochs`,
    };
  },
};
