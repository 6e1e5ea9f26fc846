import {
  checkExpectations,
  type evaluateFolds,
  isMetric,
  type Replicates,
  rangeOf,
  replicates,
  type Spread,
} from '../../evaluate/index.ts';
import { groupBaselines } from './baselines.ts';
import type { Outcome } from './kind.ts';
import { type GroupResult, type MemberResult, PARTS, type Part } from './result.ts';

/** How the interval of a mean follows from the runs, and in `text` what it holds. */
export type MeanInterval = Spread & { readonly text: string };

/** Of runs that differ in nothing but their seed. */
export const OVER_SEEDS: MeanInterval = {
  method: 'student',
  text: "95% of the mean over all seeds, Student's t; for these data and these test examples",
};

/** What the test predictions of all runs together tell, where no row is in two of them. */
export interface Pooled extends Pick<GroupResult, 'interval' | 'confusion' | 'per_class'> {
  /** Values and intervals in place of means. */
  test(names: readonly string[]): ReturnType<typeof evaluateFolds>;
}

export interface Summing {
  readonly kind: string;
  readonly interval: MeanInterval;
  /** Gates. */
  readonly expect: readonly string[];
  readonly interrupted: boolean;
  readonly pooled?: Pooled;
}

/** The means of the runs that completed; the gates held against them. */
export function summarize(
  all: readonly Outcome[],
  { kind, interval, expect, interrupted, pooled }: Summing,
): GroupResult {
  const outcomes = all.filter(({ apart }) => !apart);
  const final = all.find(({ apart }) => apart);
  const results = outcomes.map(({ brief }) =>
    brief?.status === 'completed' && brief.result ? brief.result : undefined,
  );
  const metrics = metricsOf(results, interval, pooled);
  const completed = results.filter((r) => r !== undefined).length;
  const whole = all.every(({ brief }) => brief?.status === 'completed');
  const baselines = groupBaselines(results, interval);
  const engine = results.find((r) => r !== undefined)?.engine;
  return {
    format: 1,
    kind,
    status: interrupted ? 'interrupted' : whole ? 'completed' : 'failed',
    completed,
    runs: outcomes.length,
    metrics,
    interval: pooled?.interval ?? interval,
    members: outcomes.map(memberOf),
    ...(final && {
      final: { ...memberOf(final), ...(final.brief?.result && { metrics: final.brief.result.metrics }) },
    }),
    ...(pooled?.confusion && { confusion: pooled.confusion }),
    ...(pooled?.per_class && { per_class: pooled.per_class }),
    ...(!interrupted && expect.length > 0 && { expectations: checkExpectations(expect, means(metrics)) }),
    ...(baselines && { baselines }),
    ...(engine && { engine }),
    seconds: all.reduce((sum, { brief }) => sum + (brief?.result?.seconds ?? 0), 0),
  };
}

function metricsOf(
  results: readonly (NonNullable<Outcome['brief']>['result'] | undefined)[],
  spread: Spread,
  pooled: Pooled | undefined,
): GroupResult['metrics'] {
  const metrics: Partial<Record<Part, Record<string, Replicates>>> = {};
  for (const part of PARTS) {
    const names = new Set(results.flatMap((result) => Object.keys(result?.metrics[part] ?? {})));
    const inPart: Record<string, Replicates> = {};
    for (const name of names) {
      const values = results.map((result) => result?.metrics[part]?.[name]?.value ?? null);
      const found = replicates(values, spread, rangeOf(name));
      // Pooled runs train on each other's test rows: their means get a spread but no interval.
      const { interval: _, ...spreadOnly } = found;
      inPart[name] = pooled ? spreadOnly : found;
    }
    if (names.size > 0) metrics[part] = inPart;
  }
  const { test = {} } = metrics;
  const together = pooled?.test(Object.keys(test).filter(isMetric)) ?? {};
  for (const [name, found] of Object.entries(together)) {
    const mean = test[name];
    if (mean) test[name] = { ...mean, ...found };
  }
  return metrics;
}

function memberOf({ label, run, brief, error }: Outcome): MemberResult {
  const found = error ?? brief?.result?.error;
  return {
    label,
    run,
    ...(brief && { status: brief.status }),
    ...(brief?.started && { seed: brief.started.seed }),
    ...(found && { error: { code: found.code, message: found.message } }),
  };
}

const means = (metrics: GroupResult['metrics']): Record<string, number> =>
  Object.fromEntries(
    Object.entries(metrics).flatMap(([part, all]) =>
      Object.entries(all).flatMap(([name, { value }]) =>
        value === null ? [] : [[`${part}.${name}`, value]],
      ),
    ),
  );
