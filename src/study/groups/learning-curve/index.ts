import { isDeepStrictEqual } from 'node:util';
import type { LoadedConfig } from '../../../config/index.ts';
import { configError } from '../../../errors.ts';
import { isMetric } from '../../../evaluate/index.ts';
import { type Group, type GroupKind, inTurn, type Outcome } from '../kind.ts';
import { OVER_SEEDS, summarize } from '../means.ts';
import type { GroupResult } from '../result.ts';
import { type CurveResult, isCurve } from './codec.ts';
import { membersOf } from './members.ts';
import { asOptions, type CurveOptions } from './options.ts';
import { curveOf } from './read.ts';
import { sameData } from './same-data.ts';
import { viewOf } from './view.ts';

const NAME = 'learning_curve';

/** Growing shares of the training rows, each with several seeds: would more rows help, or a larger model? */
export const learningCurve: GroupKind = {
  name: NAME,
  page: false,

  reopened(loaded, kept) {
    const options = asOptions(kept);
    return options && groupOf(loaded, options);
  },

  soFar: (runs) =>
    summed(
      runs.map(({ name, run, brief }) => ({ label: name, run, ...(brief && { brief }) })),
      true,
    ),

  isResult: ({ curve }) => curve === undefined || isCurve(curve),
  view: viewOf,
  compared: () => 'learning curves are not compared with each other',
};

/**
 * The learning curve of a config.
 * @throws MlxError `usage` for a metric that the config hasn't, `learning-curve` for a split without a
 * training part to take shares of
 */
export function learningCurveOf(loaded: LoadedConfig, options: CurveOptions): Group {
  const { metrics } = loaded.config.evaluation;
  if (options.metric !== 'loss' && !metrics.includes(options.metric))
    throw configError(
      'usage',
      `--metric: the config has no metric ${JSON.stringify(options.metric.slice(0, 80))}`,
      { help: `name one of ${['loss', ...metrics].join(', ')}` },
    );
  return groupOf(loaded, options);
}

/** The metric that a curve is drawn of unless another is asked for. */
export const curveMetric = ({ config: { evaluation } }: LoadedConfig): string =>
  evaluation.metrics.find(isMetric) ?? 'loss';

function groupOf(loaded: LoadedConfig, options: CurveOptions): Group {
  return {
    kind: NAME,
    options,
    ...inTurn(membersOf(loaded, options)),
    async continues({ manifest, folder }) {
      const kept = asOptions(manifest.options);
      // Another metric of the same runs is another look at them.
      const same = kept && isDeepStrictEqual({ ...kept, metric: '' }, { ...options, metric: '' });
      return same === true && (await sameData(loaded, folder));
    },
    async summary(outcomes, { interrupted }) {
      const curve = interrupted ? undefined : await curveOf(outcomes, options);
      const result: CurveResult = { ...summed(outcomes, interrupted), ...(curve && { curve }) };
      return { result };
    },
  };
}

/** Without means: one over different sizes would mean nothing. */
const summed = (outcomes: readonly Outcome[], interrupted: boolean): GroupResult => ({
  ...summarize(outcomes, { kind: NAME, interval: OVER_SEEDS, expect: [], interrupted }),
  metrics: {},
});
