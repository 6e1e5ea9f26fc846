import { Misfit } from '../../base/misfit.ts';
import { invariant } from '../../errors.ts';
import type { GraphBuilder, Node } from '../../graph/index.ts';
import type { ClassPredictions, ClassScores } from '../../protocol/predictions.ts';
import type { ClassTarget } from '../../protocol/target.ts';
import type { LossDecision } from '../losses/loss.ts';
import { rankingOfClasses, reliabilityOf } from '../metrics/ranking-curves.ts';
import { scoreOf } from '../metrics/scores.ts';
import { positiveClass } from '../thresholds/positive.ts';
import { numbersIn, textsIn } from './cells.ts';
import { counted } from './count.ts';
import type { TargetForm, TaskEntry, ThresholdInput } from './task.ts';

export const classTarget: TargetForm<ClassTarget> = {
  kind: 'class',
  outputs: ({ classes }) => classes,
  y: () => ({ shape: [], dtype: 'i32' }),
  truth: (_, count) => new Int32Array(count),
  named: () => 'label',
  summary({ classes }, values) {
    const train = new Array<number>(classes.length).fill(0);
    for (let i = 0; i < values.length; i++) train[values[i]!]!++;
    return { counts: { noun: 'class', names: classes, train, of: values.length } };
  },
  size: ({ classes }) => counted(classes.length, 'class', 'classes'),
  count: ({ classes }) => counted(classes.length, 'class', 'classes'),
  classes: ({ classes }) => classes,
  labels: () => undefined,
};

/** One of several classes. */
export const classification: TaskEntry<ClassTarget, ClassPredictions> = {
  name: 'classification',
  help: 'one of several classes',
  offers: ['classes', 'two_classes'],
  target: classTarget,
  form: 'classes',
  defaults: {
    loss: 'sparse_categorical_crossentropy',
    metrics: ['accuracy', 'precision', 'sensitivity', 'specificity', 'f1'],
    headline: 'accuracy',
    gap: 'accuracy',
  },

  units({ name, needs }, { classes }) {
    if (needs.includes('classes')) return classes.length;
    if (!needs.includes('two_classes'))
      throw new Misfit(
        'loss-target',
        `${name} is for numbers; the target is one of ${classes.length} classes`,
        {
          help: `write \`${classes.length > 2 ? 'sparse_categorical' : 'binary'}_crossentropy\``,
        },
      );
    if (classes.length > 2)
      throw new Misfit('loss-target', `${name} tells two classes apart; the target has ${classes.length}`, {
        help: 'write `sparse_categorical_crossentropy`, with one output unit per class',
      });
    return 1;
  },

  decide(g, scores, decision) {
    invariant(decision.kind !== 'value', 'the loss decides between classes');
    if (decision.kind === 'argmax') return g.argmax(scores, 1);
    const above = g.greaterEqual(scores, decision.at);
    return g.cast(g.reshape(above, [scores.shape[0]!]), 'i32');
  },

  probabilities: (g, z) => (z.shape[1] === 1 ? g.sigmoid(z) : g.softmax(z)),
  decideByThreshold: aboveThreshold,

  predictions({ target: { classes }, scores, units, truth, decision, threshold, margins = false }) {
    const count = scores.length / units;
    invariant(truth.length === count, `${truth.length} labels for ${count} rows of scores`);
    const plain = {
      form: 'classes',
      count,
      units,
      scores,
      margins,
      truth: truth as Int32Array,
      classes,
    } as const;
    const predicted = threshold ? byThreshold(plain, threshold as OneClass) : byLoss(plain, decision);
    return { ...plain, predicted, confusion: countPairs(truth, predicted, classes.length) };
  },

  // A single score belongs to the second of two classes.
  columns: ({ classes }, units) => ({ scores: units === 1 ? classes.slice(1) : classes }),
  row: ({ classes, truth, predicted, scores, units }, i) => ({
    truth: classes[truth[i]!]!,
    prediction: classes[predicted[i]!]!,
    scores: scores.subarray(i * units, (i + 1) * units),
  }),

  read({ outputs, truth, prediction, scores }) {
    const [truths, predicted] = [textsIn(truth), textsIn(prediction)];
    // A class whose name a spreadsheet would run as a formula has an apostrophe in front.
    const classes = outputs.map((name) => (truths.includes(`'${name}`) ? `'${name}` : name));
    const index = new Map(classes.map((name, i) => [name, i]));
    const codes = (names: readonly string[]) => Int32Array.from(names, (name) => index.get(name) ?? -1);
    const [t, p] = [codes(truths), codes(predicted)];
    const confusion = classes.map(() => new Array<number>(classes.length).fill(0));
    t.forEach((row, i) => {
      const cells = confusion[row];
      if (cells) cells[p[i]!] = (cells[p[i]!] ?? 0) + 1;
    });
    const values = numbersIn(scores);
    const predictions: ClassPredictions = {
      form: 'classes',
      count: t.length,
      units: t.length > 0 ? values.length / t.length : 1,
      scores: values,
      margins: false,
      truth: t,
      predicted: p,
      classes,
      confusion,
    };
    return { predictions, truth: truths, predicted };
  },

  answers: 'exact',
  judge: ({ truth, predicted }, i) => ({ right: predicted[i] === truth[i], kind: truth[i]! }),
  describe: (p, i) => ({
    truth: p.classes[p.truth[i]!]!,
    prediction: p.classes[p.predicted[i]!]!,
    ...(!p.margins && { confidence: scoreOf(p, i, p.predicted[i]!) }),
  }),
  exhibits: (p) => [rankingOfClasses(p), ...reliabilityOf(p)],

  decision: () => ({ kind: 'argmax' }),
  undecidable({ classes }, truth, { calibration, positive }) {
    const counts = new Array<number>(classes.length).fill(0);
    for (const label of truth) counts[label]!++;
    const of = positive === undefined ? undefined : { name: classes[positive]!, count: counts[positive]! };
    if (of?.count === 0) return { key: 'threshold', why: `no validation example is of class ${of.name}` };
    if (of?.count === truth.length)
      return { key: 'threshold', why: `every validation example is of class ${of.name}` };
    if (calibration && counts.filter((count) => count > 0).length < 2)
      return { key: 'calibration', why: 'all validation examples are of one class' };
    return undefined;
  },

  choose(_, positive, best) {
    invariant(positive !== undefined, 'the class of a threshold is known once data are read');
    return { positive, value: best(positive) };
  },

  positive: (label, target) => target && positiveClass(target.classes, label),
};

/** Below every probability, and every margin that a network gives. */
const LOWEST = -3.4e38;

/**
 * The class `positive` where its score is at least the threshold, else the likeliest of the others; i32
 * `[batch]`.
 */
function aboveThreshold(g: GraphBuilder, scores: Node, { value, positive, margins }: ThresholdInput): Node {
  invariant(positive !== undefined, 'the class of a threshold is known before compilation');
  const [batch, units] = scores.shape as [number, number];
  const own = units === 1 ? 0 : positive;
  const column = g.reshape(g.slice(scores, [0, own], [batch, own + 1]), [batch]);
  const score = units === 1 && positive === 0 ? (margins ? g.neg(column) : g.sub(1, column)) : column;
  const above = g.greaterEqual(score, value([]));
  const yes = g.cast(above, 'i32');
  if (units === 1) return positive === 1 ? yes : g.sub(1, yes);
  const others = Float32Array.from({ length: units }, (_, k) => (k === positive ? LOWEST : 0));
  const rest = g.argmax(g.add(scores, g.constant(others, [1, units])), 1);
  // Class indices add up exactly: one of the two products is 0.
  return g.add(g.mul(yes, positive), g.mul(g.sub(1, yes), rest));
}

interface OneClass {
  readonly positive: number;
  readonly value: number;
}

/** The same comparisons as in the graph: the first of equal scores wins, thresholds are float32. */
function byLoss({ scores, units, count }: ClassScores, decision: LossDecision): Int32Array {
  invariant(decision.kind !== 'value', 'a class task needs a loss that decides between classes');
  if (decision.kind === 'threshold') {
    const at = Math.fround(decision.at);
    return Int32Array.from(scores, (score) => (score >= at ? 1 : 0));
  }
  const predicted = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    let best = i * units;
    for (let j = best + 1; j < (i + 1) * units; j++) if (scores[j]! > scores[best]!) best = j;
    predicted[i] = best - i * units;
  }
  return predicted;
}

/**
 * One class where its score, in float32 as the graph has it, is at least the threshold; else the likeliest of
 * the others.
 */
function byThreshold(p: ClassScores, { positive, value }: OneClass): Int32Array {
  const at = Math.fround(value);
  const others = p.classes.map((_, k) => k).filter((k) => k !== positive);
  return Int32Array.from({ length: p.count }, (_, i) => {
    if (Math.fround(scoreOf(p, i, positive)) >= at) return positive;
    let best = others[0]!;
    for (const k of others) if (scoreOf(p, i, k) > scoreOf(p, i, best)) best = k;
    return best;
  });
}

function countPairs(truth: ArrayLike<number>, predicted: Int32Array, classes: number): number[][] {
  const confusion = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let i = 0; i < predicted.length; i++) {
    const row = confusion[truth[i]!];
    invariant(row && predicted[i]! < classes, `row ${i} has a class beyond ${classes}`);
    row[predicted[i]!]!++;
  }
  return confusion;
}
