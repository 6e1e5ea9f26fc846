import type { ClassPredictions, Counts, LabelPredictions } from '../../protocol/predictions.ts';
import { mean } from './errors.ts';
import { countsOfExample } from './labels.ts';
import type { MetricEntry } from './metric.ts';

type Confusion = ClassPredictions['confusion'];
/** What counts can be taken of. */
type Counted = ClassPredictions | LabelPredictions;
type Rate = (counts: Counts) => number | null;

/** How often each class is true (row sums) and predicted (column sums), and all examples. */
export function marginals(confusion: Confusion): {
  truth: number[];
  predicted: number[];
  right: number;
  all: number;
} {
  const truth = new Array<number>(confusion.length).fill(0);
  const predicted = new Array<number>(confusion.length).fill(0);
  let [right, all] = [0, 0];
  for (let i = 0; i < confusion.length; i++) {
    const row = confusion[i]!;
    right += row[i]!;
    for (let j = 0; j < row.length; j++) {
      truth[i]! += row[j]!;
      predicted[j]! += row[j]!;
      all += row[j]!;
    }
  }
  return { truth, predicted, right, all };
}

/** Each class against all others. */
export function oneAgainstRest(confusion: Confusion): Counts[] {
  const { truth, predicted, all } = marginals(confusion);
  return confusion.map((row, k) => {
    const tp = row[k]!;
    const [t, p] = [truth[k]!, predicted[k]!];
    return { tp, fp: p - tp, fn: t - tp, tn: all - t - p + tp };
  });
}

/** Each class against all others, or each label. */
export const countsOf = (p: Counted): readonly Counts[] =>
  p.form === 'labels' ? p.counts : oneAgainstRest(p.confusion);

/** Examples on the diagonal, and all of them. */
export function hits({ confusion }: ClassPredictions): readonly [number, number] {
  const { right, all } = marginals(confusion);
  return [right, all];
}

/** a / b; null where b is 0. */
export const ratio = (a: number, b: number): number | null => (b === 0 ? null : a / b);

/** Each of two classes against the other; empty where there are more, or labels. */
export const twoClasses = (p: Counted): readonly Counts[] =>
  p.form === 'classes' && p.confusion.length === 2 ? oneAgainstRest(p.confusion) : [];

/**
 * scikit-learn's averages. Two classes: the rate of class 1 (`average='binary'`). More, and labels:
 * `macroOf`.
 * @returns null where the rate is undefined for class 1, or for every class
 */
export function averaged(p: Counted, rate: Rate): number | null {
  const [, second] = twoClasses(p);
  return second ? rate(second) : macroOf(p, rate);
}

/** Classes that occur in truth or prediction, and all labels: as scikit-learn takes them. */
const occurring = (p: Counted): readonly Counts[] =>
  p.form === 'labels' ? p.counts : countsOf(p).filter(({ tp, fp, fn }) => tp + fp + fn > 0);

/**
 * The mean over the classes that occur (`average='macro'`), an undefined rate counting 0 (`zero_division=0`).
 */
export function macroOf(p: Counted, rate: Rate): number | null {
  const rates = occurring(p).map(rate);
  if (rates.every((value) => value === null)) return null;
  return rates.reduce<number>((sum, value) => sum + (value ?? 0), 0) / rates.length;
}

/** The same, each class as often as it is true (`average='weighted'`). */
function weightedOf(p: Counted, rate: Rate): number | null {
  let [sum, weight] = [0, 0];
  for (const counts of occurring(p)) {
    const support = counts.tp + counts.fn;
    sum += support * (rate(counts) ?? 0);
    weight += support;
  }
  return ratio(sum, weight);
}

/** All classes' counts together (`average='micro'`). */
function microOf(p: Counted, rate: Rate): number | null {
  const total = { tp: 0, fp: 0, fn: 0, tn: 0 };
  for (const { tp, fp, fn, tn } of countsOf(p)) {
    total.tp += tp;
    total.fp += fp;
    total.fn += fn;
    total.tn += tn;
  }
  return rate(total);
}

/** Of each example its labels' rate, an undefined one counting 0 (`average='samples'`). */
const samplesOf = (p: LabelPredictions, rate: Rate): Float64Array =>
  Float64Array.from({ length: p.count }, (_, i) => rate(countsOfExample(p, i)) ?? 0);

const AVERAGES = {
  macro: [macroOf, 'the mean over the classes or labels'],
  micro: [microOf, 'of the decisions on all classes or labels together'],
  weighted: [weightedOf, 'the mean over the classes or labels, each as often as it is true'],
} as const;

/**
 * A rate of one class as metrics: the plain name (two classes: of class 1, else macro) and scikit-learn's
 * averages of any number of classes or labels, `f1_macro`, `f1_micro`, `f1_weighted`, and of labels
 * `f1_samples`.
 * @param share of two classes, what the rate is the share of: an exact interval
 */
export function rates(
  name: string,
  help: string,
  rate: Rate,
  share?: (counts: Counts) => readonly [number, number],
): MetricEntry[] {
  const shared = { direction: 'higher', range: [0, 1] } as const;
  const needs = ['classes', 'labels'] as const;
  const counts = (p: Counted) => {
    const [, second] = twoClasses(p);
    return second ? share!(second) : null;
  };
  const samples = (p: LabelPredictions) => samplesOf(p, rate);
  const ofExamples: MetricEntry<'labels'> = {
    name: `${name}_samples`,
    help: `${help}, of each example’s labels, the mean over the examples`,
    needs: ['labels'],
    ...shared,
    compute: (p) => mean(samples(p)),
    interval: { kind: 'mean', values: samples },
  };
  const plain: MetricEntry<'classes' | 'labels'> = {
    name,
    help: `${help} (two classes: of class 1, else the mean over classes or labels)`,
    needs,
    ...shared,
    compute: (p) => averaged(p, rate),
    ...(share && { interval: { kind: 'proportion', counts } as const }),
  };
  const averages = Object.entries(AVERAGES).map(
    ([average, [compute, words]]): MetricEntry<'classes' | 'labels'> => ({
      name: `${name}_${average}`,
      help: `${help}, ${words}`,
      needs,
      ...shared,
      compute: (p) => compute(p, rate),
    }),
  );
  return [plain, ...averages, ofExamples];
}

/** The share of predictions "class k" that are right. */
export const precisionOf = ({ tp, fp }: Counts): number | null => ratio(tp, tp + fp);
/** The share of class k's examples that are found. */
export const recallOf = ({ tp, fn }: Counts): number | null => ratio(tp, tp + fn);
/** The share of the other classes' examples that are not taken for class k. */
export const specificityOf = ({ tn, fp }: Counts): number | null => ratio(tn, tn + fp);
/** Of what is of class k or predicted so, the share that is both. */
export const jaccardOf = ({ tp, fp, fn }: Counts): number | null => ratio(tp, tp + fp + fn);
/** Harmonic mean of precision and recall, 2tp / (2tp + fp + fn). */
export const f1Of = ({ tp, fp, fn }: Counts): number | null => ratio(2 * tp, 2 * tp + fp + fn);
