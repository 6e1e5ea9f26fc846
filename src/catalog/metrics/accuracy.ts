import { hits, ratio } from './confusion.ts';
import type { MetricEntry } from './metric.ts';

/** accuracy_score: the share of right predictions. */
export const accuracy: MetricEntry<'classes'> = {
  name: 'accuracy',
  help: 'share of right predictions',
  needs: ['classes'],
  direction: 'higher',
  range: [0, 1],
  compute: (p) => ratio(...hits(p)),
  right: ({ predicted, truth }, i) => predicted[i] === truth[i],
  interval: { kind: 'proportion', counts: hits },
  running: (g, { predicted, y }) => g.mean(g.cast(g.equal(predicted!, y), 'f32')),
};
