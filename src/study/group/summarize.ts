import {
  checkExpectations,
  evaluateFolds,
  isMetric,
  type OutOfFold,
  perClass,
  type Replicates,
  rangeOf,
  replicates,
  type Spread,
} from '../../evaluate/index.ts';
import type { RunBrief } from '../../record/index.ts';
import { groupBaselines } from './baselines.ts';
import type { GroupResult, MemberResult, Part } from './result.ts';

/** A run of a group as its folder has it. */
export interface Outcome {
  readonly label: string;
  readonly run: string;
  /** Not one of those whose mean is asked for. */
  readonly apart?: true;
  readonly brief?: RunBrief;
  /** Of a run that has no folder. */
  readonly error?: { readonly code: string; readonly message: string };
}

const PARTS: readonly Part[] = ['test', 'validation', 'train'];

/** What the interval of a mean holds, in words. */
const SPREADS: Readonly<Record<Spread['method'], string>> = {
  student: "95% of the mean over all seeds, Student's t; for these data and these test examples",
  corrected_resampled_t: '95% of the mean over folds, corrected resampled t (Nadeau & Bengio 2003)',
};

export interface Summing {
  readonly kind: string;
  readonly spread: Spread;
  readonly expect: readonly string[];
  readonly interrupted: boolean;
  /** Of folds: what the runs that completed said of their test rows. */
  readonly outOfFold?: OutOfFold;
}

/** The means of the runs that completed, of folds what all predictions together tell; the gates held against them. */
export function summarize(
  all: readonly Outcome[],
  { kind, spread, expect, interrupted, outOfFold }: Summing,
): GroupResult {
  const outcomes = all.filter(({ apart }) => !apart);
  const final = all.find(({ apart }) => apart);
  const results = outcomes.map(({ brief }) =>
    brief?.status === 'completed' && brief.result ? brief.result : undefined,
  );
  const metrics: Partial<Record<Part, Record<string, Replicates>>> = {};
  for (const part of PARTS) {
    const names = new Set(results.flatMap((result) => Object.keys(result?.metrics[part] ?? {})));
    for (const name of names) {
      const values = results.map((result) => result?.metrics[part]?.[name]?.value ?? null);
      metrics[part] ??= {};
      metrics[part][name] = replicates(values, spread, rangeOf(name));
    }
    // Folds' training and validation rows are each other's: of them only the spread is told.
    if (outOfFold && metrics[part])
      metrics[part] = mapped(metrics[part], ({ interval: _, ...found }) => found);
  }
  const names = Object.keys(metrics.test ?? {}).filter(isMetric);
  const together = outOfFold ? evaluateFolds(outOfFold, names) : {};
  for (const [name, found] of Object.entries(together))
    metrics.test![name] = { ...metrics.test![name]!, ...found };
  const { confusion, classes, labels } = outOfFold?.predictions ?? {};
  const completed = results.filter((r) => r !== undefined).length;
  const whole = all.every(({ brief }) => brief?.status === 'completed');
  const status = interrupted ? 'interrupted' : whole ? 'completed' : 'failed';
  const baselines = groupBaselines(results, spread);
  const engine = results.find((r) => r !== undefined)?.engine;
  return {
    format: 1,
    kind,
    status,
    completed,
    runs: outcomes.length,
    metrics,
    interval: outOfFold ? foldInterval(outOfFold) : { ...spread, text: SPREADS[spread.method] },
    members: outcomes.map(memberOf),
    ...(final && {
      final: { ...memberOf(final), ...(final.brief?.result && { metrics: final.brief.result.metrics }) },
    }),
    ...(confusion && classes && { confusion: { classes, counts: confusion } }),
    ...(outOfFold && (classes || labels) && { per_class: perClass(outOfFold.predictions) }),
    ...(!interrupted && expect.length > 0 && { expectations: checkExpectations(expect, means(metrics)) }),
    ...(baselines && { baselines }),
    ...(engine && { engine }),
    seconds: all.reduce((sum, { brief }) => sum + (brief?.result?.seconds ?? 0), 0),
  };
}

/** The estimand, and what it is told from. */
function foldInterval({ predictions: { count }, folds, clusters }: OutOfFold): GroupResult['interval'] {
  const models = new Set(Array.from(folds)).size;
  const independent = clusters && new Set(Array.from(clusters)).size;
  const from =
    independent === undefined
      ? `${count} out-of-fold predictions`
      : `${count} out-of-fold predictions of ${independent} rows or groups that don't depend on each other`;
  const fitted = models === 1 ? 'the fitted model' : `the ${models} fitted models`;
  return {
    method: 'out_of_fold',
    examples: count,
    ...(independent !== undefined && { clusters: independent }),
    text: `95% for ${fitted} on new examples, from ${from}; ± over folds`,
  };
}

const mapped = <T>(all: Readonly<Record<string, T>>, f: (one: T) => T): Record<string, T> =>
  Object.fromEntries(Object.entries(all).map(([name, one]) => [name, f(one)]));

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
