import type { LabelPredictions } from '../../protocol/predictions.ts';
import { mean } from './errors.ts';
import { countsOfExample } from './labels.ts';
import type { MetricEntry } from './metric.ts';

const wrong = (p: LabelPredictions): Float64Array =>
  Float64Array.from({ length: p.count }, (_, i) => {
    const { fp, fn } = countsOfExample(p, i);
    return (fp + fn) / p.units;
  });

/** hamming_loss: the share of all examples' labels that are wrong. */
export const hammingLoss: MetricEntry<'labels'> = {
  name: 'hamming_loss',
  help: 'share of the labels of all examples that are wrong',
  needs: ['labels'],
  direction: 'lower',
  range: [0, 1],
  compute: (p) => mean(wrong(p)),
  interval: { kind: 'mean', values: wrong },
  running: (g, { predicted, y }) => g.mean(g.abs(g.sub(g.cast(predicted!, 'f32'), y))),
};
