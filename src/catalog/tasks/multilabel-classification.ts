import { Misfit } from '../../base/misfit.ts';
import { invariant } from '../../errors.ts';
import type { LabelPredictions } from '../../protocol/predictions.ts';
import type { LabelTarget } from '../../protocol/target.ts';
import { countLabels, countsOfExample } from '../metrics/labels.ts';
import { labelsText } from '../metrics/labels-text.ts';
import { rankingOfLabels, reliabilityOf } from '../metrics/ranking-curves.ts';
import { numbersIn } from './cells.ts';
import { counted } from './count.ts';
import type { TargetForm, TaskEntry } from './task.ts';

export const labelTarget: TargetForm<LabelTarget> = {
  kind: 'labels',
  outputs: ({ labels }) => labels,
  y: ({ labels }) => ({ shape: [labels.length], dtype: 'f32' }),
  truth: ({ labels }, count) => new Int32Array(count * labels.length),
  named: () => 'label',
  summary({ labels }, values) {
    const train = new Array<number>(labels.length).fill(0);
    for (let i = 0; i < values.length; i++) train[i % labels.length]! += values[i]!;
    return { counts: { noun: 'label', names: labels, train, of: values.length / labels.length } };
  },
  size: ({ labels }) => counted(labels.length, 'label'),
  count: ({ labels }) => counted(labels.length, 'label'),
  classes: () => undefined,
  labels: ({ labels }) => labels,
};

/** Any number of labels. */
export const multilabelClassification: TaskEntry<LabelTarget, LabelPredictions> = {
  name: 'multilabel_classification',
  help: 'any number of labels (`target` names several)',
  offers: ['labels'],
  target: labelTarget,
  form: 'labels',
  several: true,
  eachAlone: true,
  defaults: {
    loss: 'binary_crossentropy',
    metrics: ['f1_micro', 'f1_macro', 'subset_accuracy', 'hamming_loss', 'average_precision'],
    headline: 'subset_accuracy',
    gap: 'loss',
  },

  units({ name, needs }, { labels }) {
    if (needs.includes('labels')) return labels.length;
    const what = needs.includes('numbers') ? 'numbers' : 'classes';
    throw new Misfit('loss-target', `${name} is for ${what}; the targets are labels`, {
      help: 'write `binary_crossentropy`',
    });
  },

  decide(g, scores, decision) {
    invariant(decision.kind === 'threshold', 'labels are decided by thresholds');
    return g.cast(g.greaterEqual(scores, decision.at), 'i32');
  },

  probabilities: (g, z) => g.sigmoid(z),
  decideByThreshold: (g, scores, { value }) =>
    g.cast(g.greaterEqual(scores, value([1, scores.shape[1] as number])), 'i32'),

  predictions({ target: { labels }, scores, units, truth, decision, threshold, margins = false }) {
    invariant(truth.length === scores.length, `${truth.length} labels for ${scores.length} scores`);
    invariant(threshold || decision.kind === 'threshold', 'labels are decided by thresholds');
    const own = threshold && 'values' in threshold ? threshold.values : undefined;
    const at = Float32Array.from(labels, (_, k) => own?.[k] ?? (decision as { at: number }).at);
    const plain = {
      form: 'labels',
      count: scores.length / units,
      units,
      scores,
      margins,
      truth: truth as Int32Array,
      labels,
      predicted: Int32Array.from(scores, (score, i) => (score >= at[i % labels.length]! ? 1 : 0)),
    } as const;
    return { ...plain, counts: countLabels(plain) };
  },

  columns: ({ labels }) => ({ scores: labels, targets: labels }),
  row({ truth, predicted, scores, units }, i) {
    const [from, to] = [i * units, (i + 1) * units];
    return {
      truth: truth.subarray(from, to),
      prediction: predicted.subarray(from, to),
      scores: scores.subarray(from, to),
    };
  },

  undecidable({ labels }, truth, { calibration, threshold }) {
    const counts = new Array<number>(labels.length).fill(0);
    truth.forEach((has, i) => {
      counts[i % labels.length]! += has;
    });
    const having = (count: number) => labels.filter((_, k) => counts[k] === count);
    const [none, all] = [having(0), having(truth.length / labels.length)];
    if (threshold && none.length > 0)
      return { key: 'threshold', why: `no validation example has the label ${few(none)}` };
    if (threshold && all.length > 0)
      return { key: 'threshold', why: `every validation example has the label ${few(all)}` };
    if (calibration && (none.length === labels.length || all.length === labels.length))
      return { key: 'calibration', why: 'all labels of all validation examples are the same' };
    return undefined;
  },

  choose: ({ labels }, _, best) => ({ values: labels.map((_name, k) => best(k)) }),

  positive(label) {
    if (label === null) return undefined;
    throw new Misfit('pos-label', 'each label has a threshold of its own: `pos_label` has no meaning', {
      field: 'pos_label',
      help: 'remove `pos_label`',
    });
  },

  read({ outputs: labels, truth, prediction, scores }) {
    if ([truth, prediction, scores].some((cells) => cells.some((row) => row.length !== labels.length)))
      return { missing: `predictions.csv has no columns of ${labels.length} labels` };
    const plain = {
      form: 'labels' as const,
      margins: false,
      count: truth.length,
      units: labels.length,
      scores: numbersIn(scores),
      truth: Int32Array.from(numbersIn(truth)),
      predicted: Int32Array.from(numbersIn(prediction)),
      labels,
    };
    const predictions = { ...plain, counts: countLabels(plain) };
    const sets = (values: Int32Array) => truth.map((_, i) => labelsText(predictions, values, i));
    return { predictions, truth: sets(plain.truth), predicted: sets(plain.predicted) };
  },

  answers: 'exact',
  judge(p, i) {
    const { fp, fn } = countsOfExample(p, i);
    return { right: fp + fn === 0 };
  },
  describe: (p, i) => ({ truth: labelsText(p, p.truth, i), prediction: labelsText(p, p.predicted, i) }),
  exhibits: (p) => [rankingOfLabels(p), ...reliabilityOf(p)],

  decision: (margins) => ({ kind: 'threshold', at: margins ? 0 : 0.5 }),
};

const few = (names: readonly string[]): string =>
  `${names.slice(0, 5).join(', ')}${names.length > 5 ? ', …' : ''}`;
