import { type DiagnosisEntry, series, short } from './diagnosis.ts';

/** The first steps throw the loss far above its start, and training never gets over it. */
export const learningRateTooHigh: DiagnosisEntry = {
  name: 'learning_rate_too_high',
  help: 'steps are so large that they jump over every valley',
  find(evidence) {
    const { firstLoss, peakLoss, nanStep, learningRate } = evidence;
    const advice = `\`learning_rate: ${short(learningRate / 10)}\``;
    if (nanStep !== undefined)
      return {
        confidence: 'medium',
        evidence: `with ${short(learningRate)} the loss left all bounds within ${nanStep} steps`,
        advice,
      };
    const last = series(evidence, 'loss').at(-1);
    if (firstLoss === null || peakLoss === null || last === undefined || !(firstLoss > 0)) return undefined;
    const [thrown, stuck] = [peakLoss / firstLoss, last / firstLoss];
    if (!(thrown > 3 && stuck > 0.5)) return undefined;
    return {
      confidence: thrown > 10 || stuck > 0.9 ? 'high' : 'medium',
      size: thrown,
      evidence: `with ${short(learningRate)} loss jumped from ${short(firstLoss)} to ${short(peakLoss)} and ended at ${short(last)}`,
      advice,
    };
  },
};
