import { scoreOf } from '../../catalog/metrics/scores.ts';
import type { ClassPredictions } from '../../protocol/predictions.ts';
import type { ClassExtremes, Extreme } from './explanation.ts';

/**
 * The examples of each class that it scores highest and gets right, and those that it gets wrong and scores
 * lowest.
 */
export function extremesOf(p: ClassPredictions, ids: ArrayLike<number>, each: number): ClassExtremes[] {
  const { classes, predicted, truth } = p;
  return classes.map((name, k) => {
    const own: { i: number; score: number }[] = [];
    for (let i = 0; i < p.count; i++) if (truth[i] === k) own.push({ i, score: scoreOf(p, i, k) });
    own.sort((a, b) => b.score - a.score || a.i - b.i);
    const right = own.filter(({ i }) => predicted[i] === k).slice(0, each);
    const wrong = own
      .filter(({ i }) => predicted[i] !== k)
      .slice(-each)
      .reverse();
    const shown = ({ i, score }: { i: number; score: number }): Extreme => ({
      id: ids[i]!,
      truth: name,
      prediction: classes[predicted[i]!]!,
      score,
    });
    return { class: name, count: own.length, typical: right.map(shown), wrong: wrong.map(shown) };
  });
}
