import type { LabelPredictions } from '../../protocol/predictions.ts';
import { ratio } from './confusion.ts';
import type { MetricEntry } from './metric.ts';

function exact({ units, truth, predicted }: LabelPredictions, i: number): boolean {
  for (let at = i * units; at < (i + 1) * units; at++) if (truth[at] !== predicted[at]) return false;
  return true;
}

function hits(p: LabelPredictions): readonly [number, number] {
  let right = 0;
  for (let i = 0; i < p.count; i++) if (exact(p, i)) right++;
  return [right, p.count];
}

/** accuracy_score of labels: an example is right where all of its labels are. */
export const subsetAccuracy: MetricEntry<'labels'> = {
  name: 'subset_accuracy',
  help: 'share of the examples of which every label is right',
  needs: ['labels'],
  direction: 'higher',
  range: [0, 1],
  compute: (p) => ratio(...hits(p)),
  right: exact,
  interval: { kind: 'proportion', counts: hits },
  running(g, { predicted, y }) {
    const wrong = g.sum(g.abs(g.sub(g.cast(predicted!, 'f32'), y)), [1]);
    return g.mean(g.cast(g.equal(wrong, 0), 'f32'));
  },
};
