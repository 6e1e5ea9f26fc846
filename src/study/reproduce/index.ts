import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configError, MlxError } from '../../errors.ts';
import { repeatable } from '../../pipeline/repeat.ts';
import type { RunEvent } from '../../protocol/events.ts';
import { findRun, listRuns, type RunRecord, readRun } from '../../record/index.ts';
import type { EarlyThread } from '../../train/thread.ts';
import { changedEngine, environmentChecks, environmentHere, factChecks } from './environment-checks.ts';
import type { Check, Reproduction } from './reproduction.ts';
import { runChecks, stepsOf } from './result-checks.ts';

/**
 * Rounding that differs grows from step to step: a run may depart by this many times what the engine states
 * for one pass.
 */
const GROWTH = 100;
/** Steps of `--quick`. */
const QUICK = 20;

export interface ReproduceOptions {
  readonly experiments: string;
  readonly quick: boolean;
  /** Relative, of every number; where it is given, bits needn't be equal. */
  readonly tolerance: number | null;
  readonly threads: EarlyThread;
  emit(event: RunEvent): void;
}

/**
 * Does a run again from its lock, into a folder that is removed, and compares: environment, config, data,
 * plan, initial weights, each step, epoch, metric, simple model, prediction, final weight. The reference is
 * only read.
 * @throws MlxError `usage`, `unknown-run`, `run-damaged`, and those of missing data
 */
export async function reproduceRun(name: string, options: ReproduceOptions): Promise<Reproduction> {
  const { quick, tolerance } = options;
  if (tolerance !== null && !(tolerance >= 0 && Number.isFinite(tolerance)))
    throw configError('usage', '--tolerance takes a number from 0, e.g. 1e-4');
  const began = performance.now();
  const reference = await readRun(await findRun(options.experiments, name));
  const source = await repeatable(reference);
  const limit = tolerance ?? source.tolerance * GROWTH;
  const checks: Check[] = [];
  checks.push(...environmentChecks(source.lock, await environmentHere()));
  let same = checks.every(({ outcome }) => outcome === 'identical');
  const steps = stepsOf(reference.events);
  const reached = Math.max(0, ...steps.keys());
  const whole = reference.status === 'completed';
  const stopAt = quick ? Math.min(QUICK, reached) : whole ? Number.POSITIVE_INFINITY : reached;

  const scratch = await mkdtemp(join(tmpdir(), 'mlx-reproduce-'));
  try {
    const handle: { stop: (() => void) | null } = { stop: null };
    let trained = false;
    try {
      const emit = (event: RunEvent) => {
        if (event.type === 'step' && event.step >= stopAt) handle.stop?.();
        options.emit(event);
      };
      trained = await source.run(
        { experiments: scratch, handle, threads: options.threads, emit },
        (facts) => {
          checks.push(...factChecks(reference, source.lock, facts));
          return checks.every((c) => explains(c) || c.name === 'config' || c.outcome !== 'different');
        },
      );
    } catch (error) {
      const failure = failedAlike(reference, error);
      if (!failure) throw error;
      trained = true;
    }
    if (trained) {
      const place = (await listRuns(scratch))[0];
      if (!place) throw new Error('internal: a run without a folder');
      const again = await readRun(place.folder);
      const engine = changedEngine(source.lock, again.lock);
      if (engine) {
        const [version] = checks as [Check];
        const text = version.outcome === 'identical' ? engine : `${version.text}, ${engine}`;
        checks[0] = { name: 'version', outcome: 'different', text };
        same = false;
      }
      const strict = tolerance === null && same;
      checks.push(...(await runChecks(reference, again, { stopAt, limit, strict })));
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return {
    format: 1,
    run: reference.folder.replaceAll('\\', '/'),
    verdict: verdictOf(checks, same),
    quick: quick ? stopAt : null,
    first: firstOf(checks),
    checks,
    tolerance: limit,
    same_environment: same,
    seconds: (performance.now() - began) / 1000,
  };
}

/** A run that failed is repeated where it fails again in the same way. */
const failedAlike = ({ result }: RunRecord, error: unknown): boolean =>
  error instanceof MlxError && result?.status === 'failed' && result.error?.code === error.code;

/** A version or a machine that differs makes no difference by itself: it only explains one. */
const explains = ({ name }: Check): boolean => name === 'version' || name === 'machine';

function verdictOf(checks: readonly Check[], sameEnvironment: boolean): Reproduction['verdict'] {
  const counted = checks.filter((c) => !explains(c));
  const causes = counted.filter((c) =>
    ['seed', 'config', 'data', 'plan', 'initial weights'].includes(c.name),
  );
  if (causes.some((c) => c.outcome === 'different')) return 'different';
  if (counted.some((c) => c.outcome === 'different'))
    return sameEnvironment ? 'different' : 'environment mismatch';
  return counted.some((c) => c.outcome === 'within tolerance') ? 'within tolerance' : 'identical';
}

function firstOf(checks: readonly Check[]): Reproduction['first'] {
  const found =
    checks.find((c) => c.outcome === 'different') ?? checks.find((c) => c.outcome === 'within tolerance');
  return found ? { what: found.name, text: found.text } : null;
}
