import { inOrder } from '../../base/order.ts';
import type { ClassScores, LabelPredictions } from '../../protocol/predictions.ts';
import { labelOf, pooled } from './labels.ts';
import type { MetricEntry, Weights } from './metric.ts';

/** The score of class k for example i; the only score of two classes belongs to the second. */
export function scoreOf(p: ClassScores, i: number, k: number): number {
  if (p.units > 1) return p.scores[i * p.units + k]!;
  const score = p.scores[i]!;
  return k === 1 ? score : p.margins ? -score : 1 - score;
}

/** One weight for all examples. */
export const even = ({ count }: { readonly count: number }): Weights => new Float64Array(count).fill(1);

/** Examples by falling score of a class, in groups of equal scores. */
export interface Ranking {
  readonly order: Uint32Array;
  /** Where in `order` each group ends. */
  readonly ends: Uint32Array;
  /** 1 where the example is of the class. */
  readonly positive: Uint8Array;
}

export function rank(p: ClassScores, k: number): Ranking {
  const { count, truth } = p;
  const scores = new Float64Array(count);
  for (let i = 0; i < count; i++) scores[i] = scoreOf(p, i, k);
  const order = falling(scores);
  const ends: number[] = [];
  for (let i = 1; i <= count; i++)
    if (i === count || scores[order[i]!] !== scores[order[i - 1]!]) ends.push(i);
  const positive = new Uint8Array(count);
  for (let i = 0; i < count; i++) positive[i] = truth[order[i]!] === k ? 1 : 0;
  return { order, ends: Uint32Array.from(ends), positive };
}

/** Places that a number can hold beside the 32 bits of a score. */
const PLACES = 2 ** 21;

/**
 * Places by falling score, equal ones in order. Float32 scores are sorted as numbers that hold the score's
 * bits, turned so that larger ones come first, and the place: that needs no comparing function, whose calls
 * cost more than all else of a ranking.
 */
export function falling(scores: Float64Array): Uint32Array {
  const { length } = scores;
  const bits = new Uint32Array(length);
  const floats = new Float32Array(bits.buffer);
  const keys = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    floats[i] = scores[i]! + 0; // -0 is 0
    const b = bits[i]!;
    if (length > PLACES || floats[i] !== scores[i])
      return inOrder(length).sort((i, j) => scores[j]! - scores[i]!);
    // Bits of negative numbers rise as the numbers fall.
    keys[i] = (b < 0x8000_0000 ? 0x7fff_ffff - b : b) * PLACES + i;
  }
  keys.sort();
  const order = new Uint32Array(length);
  for (let i = 0; i < length; i++) order[i] = keys[i]! % PLACES;
  return order;
}

/** The weights of the class's and of the other examples, group by group of falling scores. */
export function eachGroup(
  { order, ends, positive }: Ranking,
  weights: Weights,
  visit: (positives: number, negatives: number) => void,
): void {
  let i = 0;
  for (let g = 0; g < ends.length; g++) {
    let [positives, negatives] = [0, 0];
    for (const end = ends[g]!; i < end; i++) {
      const weight = weights[order[i]!]!;
      if (positive[i] === 1) positives += weight;
      else negatives += weight;
    }
    visit(positives, negatives);
  }
}

/** The ranking of each class of several, or of each label. */
function rankings(p: ClassScores | LabelPredictions): Ranking[] {
  if (p.form === 'labels') return p.labels.map((_, k) => rank(labelOf(p, k), 1));
  return p.classes.map((_, k) => rank(p, k));
}

/**
 * A quantity of a ranking: of class 1 of two, else the mean over the classes or labels for which it is
 * defined.
 * @param weighted whether each class counts as often as it is true
 */
function ofRankings(
  value: (ranking: Ranking, weights: Weights) => number | null,
  weighted: boolean,
): (p: ClassScores | LabelPredictions) => (weights: Weights) => number | null {
  return (p) => {
    if (p.form === 'classes' && p.classes.length === 2) {
      const only = rank(p, 1);
      return (weights) => value(only, weights);
    }
    const all = rankings(p);
    return (weights) => {
      let [sum, share] = [0, 0];
      for (const ranking of all) {
        const one = value(ranking, weights);
        if (one === null) continue;
        const support = weighted ? supportOf(ranking, weights) : 1;
        sum += support * one;
        share += support;
      }
      return share === 0 ? null : sum / share;
    };
  };
}

/** A quantity of one ranking of all labels' scores together. */
function ofAllLabels(
  value: (ranking: Ranking, weights: Weights) => number | null,
): (p: LabelPredictions) => (weights: Weights) => number | null {
  return (p) => {
    const all = rank(pooled(p), 1);
    const each = new Float64Array(p.scores.length);
    return (weights) => {
      for (let i = 0; i < p.count; i++) each.fill(weights[i]!, i * p.units, (i + 1) * p.units);
      return value(all, each);
    };
  };
}

/**
 * A metric that a ranking gives.
 * @param average `weighted`: each class or label counts as often as it is true; `micro`: labels are ranked
 * together
 */
export function rankingMetric(
  name: string,
  help: string,
  value: (ranking: Ranking, weights: Weights) => number | null,
  average: 'macro' | 'micro' | 'weighted' = 'macro',
): MetricEntry {
  const shared = { name, help, ranks: true, direction: 'higher', range: [0, 1] } as const;
  if (average === 'micro') {
    const under = ofAllLabels(value);
    const micro: MetricEntry<'labels'> = {
      ...shared,
      needs: ['labels'],
      compute: (p) => under(p)(even(p)),
      interval: { kind: 'rows', under },
    };
    return micro;
  }
  const under = ofRankings(value, average === 'weighted');
  const each: MetricEntry<'classes' | 'labels'> = {
    ...shared,
    needs: ['classes', 'labels'],
    compute: (p) => under(p)(even(p)),
    interval: { kind: 'rows', under },
  };
  return each;
}

function supportOf({ order, positive }: Ranking, weights: Weights): number {
  let sum = 0;
  for (let i = 0; i < order.length; i++) if (positive[i] === 1) sum += weights[order[i]!]!;
  return sum;
}
