import type { ClassScores } from '../../protocol/predictions.ts';
import { ratio } from './confusion.ts';
import type { MetricEntry } from './metric.ts';
import { scoreOf } from './scores.ts';

/**
 * How many have their class among the k best scored; of equal scores the later class goes first, as there.
 */
function found(p: ClassScores, k: number): readonly [number, number] {
  const classes = p.classes.length;
  let right = 0;
  for (let i = 0; i < p.count; i++) {
    const truth = p.truth[i]!;
    const own = scoreOf(p, i, truth);
    let better = 0;
    for (let j = 0; j < classes; j++) {
      const score = scoreOf(p, i, j);
      if (score > own || (score === own && j > truth)) better++;
    }
    if (better < k) right++;
  }
  return [right, p.count];
}

const entry = (name: string, k: number, more = ''): MetricEntry<'classes'> => ({
  name,
  help: `share whose class is among the ${k} with the highest scores${more}`,
  needs: ['classes'],
  direction: 'higher',
  range: [0, 1],
  compute: (p) => ratio(...found(p, k)),
  interval: { kind: 'proportion', counts: (p) => found(p, k), scores: true },
});

/** top_k_accuracy_score, with Keras' default of k; the others name it. */
export const topKAccuracy: MetricEntry[] = [
  entry('top_k_accuracy', 5, ' (k = 5)'),
  ...[2, 3, 10].map((k) => entry(`top_${k}_accuracy`, k)),
];
