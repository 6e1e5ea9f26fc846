import { join } from 'node:path';
import { initialState } from '../compile/index.ts';
import { type LoadedConfig, loadConfig } from '../config/index.ts';
import type { Prepared } from '../data/index.ts';
import { configError, dataError } from '../errors.ts';
import { type Plan, printPlan } from '../plan/index.ts';
import { findRun, type Lock, planHash, readCheckpoint, readRun } from '../record/index.ts';
import { newProgress, type Progress } from '../run/progress.ts';
import type { EngineChoice } from './choose-engine.ts';
import type { Job } from './experiment.ts';

/** A run folder as something to go on with. */
export interface Reopened {
  readonly loaded: LoadedConfig;
  readonly path: string;
  readonly lock: Lock;
  readonly checkpoints: Readonly<Partial<Record<'last' | 'best', string>>>;
  /** The lock's engine: what decides bits isn't chosen again. */
  readonly engine: EngineChoice;
}

/** Finds a run that isn't finished and reads what it was. @throws MlxError for a completed or damaged one */
export async function reopen(run: string, experiments: string): Promise<Reopened> {
  const path = await findRun(experiments, run);
  const record = await readRun(path);
  if (record.status === 'completed')
    throw configError('already-completed', `${run} is completed: there is nothing to resume`, {
      help: 'train it again with mlx run',
    });
  const { lock } = record;
  if (!lock || record.resolved === undefined)
    throw dataError(
      'run-damaged',
      `${run} can't be resumed: ${record.problems.join('; ') || 'its lock.json is missing'}`,
      {
        help: 'start a new run with mlx run',
      },
    );
  // The resolved config holds overrides and defaults; relative paths still start at the original's folder.
  const resolved = loadConfig(join(path, 'config.resolved.yaml'), { set: [] });
  const loaded = { ...resolved, file: join(path, lock.config.file) };
  const { type, threads, options } = lock.engine;
  const layout = options['layout'] === 'portable' ? 'portable' : 'fast';
  return {
    loaded,
    path,
    lock,
    checkpoints: record.checkpoints,
    engine: { type, options: { threads, layout } },
  };
}

/** Refuses to go on with other data or another plan: the weights would be nobody's. */
export function assertUnchanged({ lock, path }: Reopened, data: Prepared, plan: Plan): void {
  const changed = data.files.find(
    (file) => lock.data.files.find((f) => f.name === file.name)?.sha256 !== file.sha256,
  );
  const what = changed
    ? `${changed.name} is not the file that the run started with`
    : planHash(printPlan(plan)) !== lock.plan.sha256
      ? 'the plan is not the one that the run started with (another version of mlx, or other data)'
      : undefined;
  if (what)
    throw dataError('run-changed', `${path} can't be resumed: ${what}`, {
      help: 'start a new run with mlx run',
    });
}

/** State and progress of the last checkpoint; those of the start when none was written yet. */
export async function lastCheckpoint(
  { checkpoints }: Reopened,
  plan: Plan,
): Promise<Pick<Job, 'state' | 'best' | 'progress'>> {
  if (!checkpoints.last) return { state: initialState(plan), best: null, progress: newProgress() };
  const last = await readCheckpoint(checkpoints.last);
  const best = checkpoints.best ? (await readCheckpoint(checkpoints.best)).state : null;
  return { state: last.state, best, progress: JSON.parse(last.meta['progress']!) as Progress };
}
