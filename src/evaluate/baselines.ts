import { metrics } from '../catalog/metrics/index.ts';
import type { MetricEntry } from '../catalog/metrics/metric.ts';
import { invariant } from '../errors.ts';
import type { BaselineReport, ComparedBaseline } from '../protocol/baseline-report.ts';
import type { Predictions } from '../protocol/predictions.ts';
import { comparePaired, testOf } from './paired.ts';

/** A simple model's predictions of the examples that the network was scored on. */
export interface TriedBaseline {
  readonly name: string;
  readonly predictions: Predictions;
  /** To fit and to predict. */
  readonly seconds: number;
  /** Training rows that it saw: fewer than there are where the budget allowed no more. */
  readonly examples: number;
}

const RESAMPLES = 500;
const LEVEL = 0.05;

/**
 * Answers whether something simpler would have done, by a paired test of the network against the best
 * baseline.
 * @param headline the metric to compare by
 */
export function compareBaselines(
  network: Predictions,
  tried: readonly TriedBaseline[],
  headline: string,
  split: BaselineReport['split'],
  skipped: BaselineReport['skipped'],
): BaselineReport {
  const entry = metrics.get(headline);
  invariant(entry, `metric ${headline} passed validation`);
  const unfit = tried.filter(
    ({ predictions }) => entry.probabilities && predictions.form !== 'numbers' && predictions.margins,
  );
  const fit = tried.filter((one) => !unfit.includes(one));
  const models = fit.map((one): ComparedBaseline => {
    const { difference, interval, p } = comparePaired(one.predictions, network, entry, RESAMPLES);
    return {
      name: one.name,
      value: finite(entry.compute(one.predictions)),
      difference,
      ...(interval && { interval }),
      ...(p !== undefined && { p }),
      seconds: one.seconds,
      train_examples: one.examples,
    };
  });
  const best = bestOf(models, entry);
  const verdict = judge(best, entry);
  return {
    metric: entry.name,
    split,
    examples: network.count,
    test: testOf(entry),
    ...(best && { best: best.name }),
    verdict,
    text: words(best, verdict),
    models,
    skipped: [
      ...skipped,
      ...unfit.map(({ name }) => ({ name, reason: `it gives no probabilities, which ${entry.name} needs` })),
    ],
  };
}

const finite = (value: number | null) => (value !== null && Number.isFinite(value) ? value : null);

/** Of equal ones the first: simpler ones come first. */
function bestOf(
  models: readonly ComparedBaseline[],
  { direction }: MetricEntry,
): ComparedBaseline | undefined {
  const sign = direction === 'higher' ? 1 : -1;
  let best: ComparedBaseline | undefined;
  for (const model of models)
    if (model.value !== null && (!best || sign * model.value > sign * best.value!)) best = model;
  return best;
}

function judge(best: ComparedBaseline | undefined, { direction }: MetricEntry): BaselineReport['verdict'] {
  if (!best || best.difference === null || best.p === undefined || best.p >= LEVEL) return 'no_difference';
  const better = direction === 'higher' ? best.difference > 0 : best.difference < 0;
  return better ? 'network_better' : 'baseline_better';
}

function words(best: ComparedBaseline | undefined, verdict: BaselineReport['verdict']): string {
  if (!best) return 'no simpler model could be compared';
  const p = best.p === undefined ? '' : best.p < 0.001 ? ', p < 0.001' : `, p = ${best.p.toPrecision(2)}`;
  const value = best.value!.toPrecision(4);
  const than = {
    network_better: 'network better',
    no_difference: 'no difference to the network shown',
    baseline_better: 'better than the network',
  };
  return `${best.name} ${value}: ${than[verdict]}${p}`;
}
