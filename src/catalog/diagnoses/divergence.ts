import { type DiagnosisEntry, series, short } from './diagnosis.ts';

/** The loss ends as no number, or far above where it has been. */
export const divergence: DiagnosisEntry = {
  name: 'divergence',
  help: 'the loss grows instead of falling',
  find(evidence) {
    const { nanStep, firstLoss } = evidence;
    const advice = 'a smaller learning rate, `clipnorm: 1.0`, or `normalize` the features';
    if (nanStep !== undefined)
      return { confidence: 'high', evidence: `the loss was no number any more at step ${nanStep}`, advice };
    const loss = series(evidence, 'loss');
    const [least, last] = [Math.min(...loss), loss.at(-1)!];
    if (firstLoss === null || loss.length < 2 || !(last > 2 * least && last > 2 * firstLoss))
      return undefined;
    const epoch = loss.indexOf(least) + 2;
    return {
      confidence: 'high',
      epoch,
      size: last / firstLoss,
      evidence: `loss is ${short(last)} at the end, ${short(firstLoss)} at the first step`,
      advice,
    };
  },
};
