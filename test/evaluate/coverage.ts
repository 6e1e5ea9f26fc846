import { normal, streamKey, uniform } from '../../src/base/random.ts';
import { evaluateSplit, replicates, studentInterval } from '../../src/evaluate/index.ts';
import type { Interval } from '../../src/evaluate/intervals.ts';
import { normalCdf } from '../../src/evaluate/special.ts';
import type { Predictions } from '../../src/protocol/predictions.ts';
import { predictionsOf } from '../predictions-of.ts';

/** One kind of interval on data whose true value is known. */
export interface CoverageCase {
  readonly name: string;
  readonly truth: number;
  /** The 95% interval of the draw-th data set. */
  interval(draw: number): Interval | undefined;
}

const none = new Float32Array(0);

/** Three classes with known shares of right and wrong. */
const CELLS = [
  [0.35, 0.1, 0.05],
  [0.04, 0.2, 0.06],
  [0.02, 0.03, 0.15],
];

function classes(draw: number, count: number) {
  const key = streamKey(draw, 'coverage/classes');
  const [truth, scores] = [new Int32Array(count), new Float32Array(count * 3)];
  for (let i = 0; i < count; i++) {
    let u = uniform(key, i);
    const at = CELLS.flat().findIndex((share) => {
      u -= share;
      return u < 0;
    });
    truth[i] = Math.floor(at / 3);
    scores[i * 3 + (at % 3)] = 1;
  }
  const names = ['a', 'b', 'c'];
  return predictionsOf({
    task: 'classification',
    scores,
    units: 3,
    truth,
    classes: names,
    decision: { kind: 'argmax' },
  });
}

/** Positives, 30%, score a standard deviation above negatives. */
function ranks(draw: number, count: number) {
  const key = streamKey(draw, 'coverage/ranks');
  const truth = Int32Array.from({ length: count }, (_, i) => (uniform(key, i + 3 * count) < 0.3 ? 1 : 0));
  const scores = Float32Array.from(truth, (t, i) => t + normal(key, i));
  const decision = { kind: 'threshold', at: 0.5 } as const;
  return predictionsOf({
    task: 'classification',
    scores,
    units: 1,
    truth,
    classes: ['n', 'p'],
    decision,
    margins: true,
  });
}

const LABEL_SHARES = [0.5, 0.4, 0.3];

/** Labels that score a standard deviation higher where they are true, with one noise for all labels of an example: mistakes come together. */
function labels(draw: number, count: number) {
  const key = streamKey(draw, 'coverage/labels');
  const units = LABEL_SHARES.length;
  const truth = Int32Array.from({ length: count * units }, (_, i) =>
    uniform(key, i + 3 * count) < LABEL_SHARES[i % units]! ? 1 : 0,
  );
  const scores = Float32Array.from(truth, (t, i) => t + normal(key, Math.floor(i / units)));
  return predictionsOf({
    task: 'multilabel_classification',
    scores,
    units,
    truth,
    labels: ['a', 'b', 'c'],
    decision: { kind: 'threshold', at: 0.5 },
    margins: true,
  });
}

/** Errors of an exponential size with mean 1 about a truth with variance 4. */
function numbers(draw: number, count: number) {
  const key = streamKey(draw, 'coverage/numbers');
  const truth = Float32Array.from({ length: count }, (_, i) => 2 * normal(key, i));
  const scores = truth.map((t, i) => t + -Math.log(1 - uniform(key, i + 5 * count)) * (i % 2 ? 1 : -1));
  return predictionsOf({ task: 'regression', scores, units: 1, truth, decision: { kind: 'value' } });
}

const of = (p: Predictions, name: string) => evaluateSplit(p, [name], none)[name]!.interval;
const share = (k: number) => CELLS[k]!.reduce((a, b) => a + b);
const column = (k: number) => CELLS.reduce((a, row) => a + row[k]!, 0);
const macroF1 = [0, 1, 2].reduce((sum, k) => sum + (2 * CELLS[k]![k]!) / (share(k) + column(k)) / 3, 0);

export const cases: readonly CoverageCase[] = [
  { name: 'accuracy of 200 (Wilson)', truth: 0.7, interval: (d) => of(classes(d, 200), 'accuracy') },
  {
    name: 'sensitivity of 200 (Wilson)',
    truth: 1 - normalCdf(-0.5),
    interval: (d) => of(ranks(d, 200), 'sensitivity'),
  },
  {
    name: 'macro f1 of 200 (BCa of the confusion matrix)',
    truth: macroF1,
    interval: (d) => of(classes(d, 200), 'f1'),
  },
  {
    name: 'f1 of 200, two classes (BCa of the confusion matrix)',
    truth: binaryF1(0.3),
    interval: (d) => of(ranks(d, 200), 'f1'),
  },
  {
    name: 'macro f1 of 200, three labels (BCa of the kinds of examples)',
    truth: LABEL_SHARES.reduce((sum, share) => sum + binaryF1(share) / LABEL_SHARES.length, 0),
    interval: (d) => of(labels(d, 200), 'f1_macro'),
  },
  {
    name: 'roc_auc of 200 (BCa of examples)',
    truth: normalCdf(Math.SQRT1_2),
    interval: (d) => of(ranks(d, 200), 'roc_auc'),
  },
  {
    name: 'mean_absolute_error of 200 (BCa of a mean)',
    truth: 1,
    interval: (d) => of(numbers(d, 200), 'mean_absolute_error'),
  },
  {
    name: 'root_mean_squared_error of 300 (BCa of examples)',
    truth: Math.SQRT2,
    interval: (d) => of(numbers(d, 300), 'root_mean_squared_error'),
  },
  { name: 'r2 of 300 (BCa of examples)', truth: 0.5, interval: (d) => of(numbers(d, 300), 'r2') },
  {
    name: 'mean of 5 seeds (Student)',
    truth: 0,
    interval: (d) =>
      studentInterval(Array.from({ length: 5 }, (_, i) => normal(streamKey(d, 'coverage/seeds'), i))),
  },
  {
    // What 1-NN reaches with 80 rows, on 40 rows each of 4,000 draws: ± 0.001. The plain t interval holds it in 90% of the draws.
    name: 'mean of 5 folds, 1-NN on 100 rows (corrected resampled t)',
    truth: 0.7113,
    interval: (d) =>
      replicates(foldsOf(neighbours(d, 100), 5), {
        method: 'corrected_resampled_t',
        tested: 1,
        trained: 4,
      }).interval,
  },
];

interface Neighbour {
  readonly y: number;
  readonly x: readonly number[];
}

/** Two classes of the same size in five dimensions, their means 0.4 from the middle in each. */
function neighbours(draw: number, count: number): Neighbour[] {
  const key = streamKey(draw, 'coverage/folds');
  return Array.from({ length: count }, (_, i) => ({
    y: i % 2,
    x: Array.from({ length: 5 }, (_, j) => normal(key, i * 5 + j) + (i % 2 ? 0.4 : -0.4)),
  }));
}

/** Accuracy of 1-NN in each fold. */
function foldsOf(rows: readonly Neighbour[], folds: number): number[] {
  const foldOf = (i: number) => Math.floor(i / 2) % folds;
  return Array.from({ length: folds }, (_, fold) => {
    const train = rows.filter((_, i) => foldOf(i) !== fold);
    const test = rows.filter((_, i) => foldOf(i) === fold);
    const nearest = (q: Neighbour) => {
      const far = train.map(({ x }) => x.reduce((sum, v, j) => sum + (v - q.x[j]!) ** 2, 0));
      return train[far.indexOf(Math.min(...far))]!.y;
    };
    return test.filter((q) => nearest(q) === q.y).length / test.length;
  });
}

/** Cases of many examples: half a minute each. */
export const large: readonly CoverageCase[] = [
  {
    name: 'roc_auc of 10,001 (grouped jackknife)',
    truth: normalCdf(Math.SQRT1_2),
    interval: (d) => of(ranks(d, 10_001), 'roc_auc'),
  },
  {
    name: 'mean_absolute_error of 10,001 (normal)',
    truth: 1,
    interval: (d) => of(numbers(d, 10_001), 'mean_absolute_error'),
  },
];

/** @param share of the positives */
function binaryF1(share: number): number {
  const [tp, fp] = [share * normalCdf(0.5), (1 - share) * normalCdf(-0.5)];
  return (2 * tp) / (tp + fp + share);
}

/** The share of draws whose interval holds the truth. */
export function coverage({ truth, interval }: CoverageCase, draws: number): number {
  let held = 0;
  for (let d = 0; d < draws; d++) {
    const found = interval(d);
    if (found && found[0] <= truth && truth <= found[1]) held++;
  }
  return held / draws;
}
