import { type DiagnosisEntry, percent, series, short } from './diagnosis.ts';

/** Below a guess by the classes' shares by so much of it, a loss has learned something. */
const LEARNED = 0.02;

/** Training has come to rest, hardly better than a guess. */
export const underfitting: DiagnosisEntry = {
  name: 'underfitting',
  help: 'the network doesn’t even learn its training examples',
  symptom: true,
  find(evidence) {
    const { majority, guessLoss, test } = evidence;
    const loss = series(evidence, 'loss');
    const from = Math.floor((2 * loss.length) / 3);
    if (loss.length < 3 || Math.abs(loss[from]! - loss.at(-1)!) > 0.03 * Math.abs(loss[from]!))
      return undefined;
    const reached = evidence.history.at(-1)!['accuracy'];
    if (reached !== undefined && majority !== undefined) {
      const more = (reached - majority) / (1 - majority);
      if (!(more < 0.1)) return undefined;
      // Where one class is frequent, accuracy may say nothing of a network that has learned the odds.
      if (guessLoss !== undefined && loss.at(-1)! < (1 - LEARNED) * guessLoss) return undefined;
      return {
        confidence: more < 0.03 ? 'high' : 'medium',
        size: more,
        evidence: `accuracy in training stays at ${short(reached)}; always guessing one class gets ${short(majority)}`,
        advice:
          'a larger network, another learning rate, or look whether the features say anything of the target',
      };
    }
    const r2 = test['r2']?.value;
    if (r2 === undefined || r2 === null || r2 >= 0.1) return undefined;
    return {
      confidence: 'medium',
      size: r2,
      evidence: `${percent(Math.max(0, r2))} of the variance is explained, and loss no longer falls`,
      advice:
        'a larger network, another learning rate, or look whether the features say anything of the target',
    };
  },
};
