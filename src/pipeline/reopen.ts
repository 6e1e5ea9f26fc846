import { join } from 'node:path';
import { sizeOf } from '../base/shape.ts';
import { type LoadedConfig, loadConfig } from '../config/index.ts';
import type { Prepared } from '../data/index.ts';
import { engines, type State } from '../engines/index.ts';
import { configError, dataError } from '../errors.ts';
import { type Plan, printPlan } from '../plan/index.ts';
import type { EngineInfo } from '../protocol/engine-info.ts';
import { GPUJS_MODES } from '../protocol/engine-names.ts';
import {
  configHash,
  isLock,
  type Lock,
  planHash,
  type RunRecord,
  readCheckpoint,
  readRun,
} from '../record/index.ts';
import type { EngineChoice } from '../train/choose-engine.ts';
import { newProgress, type Progress } from '../train/progress.ts';
import type { Job } from './job.ts';
import { startState } from './start-state.ts';

/** A run folder as something to go on with. */
export interface Reopened {
  readonly loaded: LoadedConfig;
  readonly path: string;
  readonly lock: Lock;
  readonly checkpoints: Readonly<Partial<Record<'last' | 'best', string>>>;
  /** The lock's engine: what decides bits isn't chosen again. */
  readonly engine: EngineChoice;
}

/** Reads what a run was that isn't finished. @throws MlxError for a completed or damaged one */
export async function reopen(run: string, path: string): Promise<Reopened> {
  const record = await readRun(path);
  if (record.status === 'completed')
    throw configError('already-completed', `${run} is completed: there is nothing to resume`, {
      help: 'train it again with mlx run',
    });
  if (record.result?.error?.code === 'nan-loss')
    throw configError('would-fail-again', `${run} can't be resumed: ${record.result.error.message}`, {
      help: 'a resumed run would take the same steps again; change the config and start a new one with mlx run',
    });
  return reopened(run, path, record, 'resumed');
}

/**
 * The same of a run that came to its end, to look at its model.
 * @throws MlxError for one that didn't, or a damaged one
 */
export async function reopenFinished(run: string, path: string): Promise<Reopened> {
  const record = await readRun(path);
  if (record.status !== 'completed')
    throw configError('not-completed', `${run} is ${record.status}: there is no finished model to look at`, {
      help: record.status === 'interrupted' ? `mlx resume ${run}` : 'train it with mlx run',
    });
  return reopened(run, path, record, 'explained');
}

/** @param purpose what can't be done with a damaged run: `resumed` */
function reopened(run: string, path: string, record: RunRecord, purpose: string): Reopened {
  const { lock, resolved: text } = record;
  const damaged = (what: string) =>
    dataError('run-damaged', `${run} can't be ${purpose}: ${what}`, { help: 'start a new run with mlx run' });
  if (!lock) throw damaged(record.problems.join('; ') || 'its lock.json is missing');
  if (!isLock(lock) || !engines.has(lock.engine.type))
    throw damaged('its lock.json is not what mlx writes there');
  if (text === undefined) throw damaged('its config.resolved.yaml is missing');
  if (configHash(text) !== lock.config.sha256)
    throw damaged('its config.resolved.yaml is not the one that the run started with');
  // The resolved config holds overrides and defaults; relative paths still start at the original's folder.
  const resolved = loadConfig(join(path, 'config.resolved.yaml'), { set: [] });
  const loaded = { ...resolved, file: join(path, lock.config.file) };
  return {
    loaded,
    path,
    lock,
    checkpoints: record.checkpoints,
    engine: pinnedEngine(lock),
  };
}

/** The engine that a lock names, as a choice that isn't made again. */
export function pinnedEngine({ engine: { type, threads, options } }: Lock): EngineChoice {
  const layout = options['layout'] === 'portable' ? 'portable' : 'fast';
  const mode = GPUJS_MODES.find((known) => known === options['mode']);
  const allowFallback = options['allow_fallback'] === true;
  return { type, options: { threads, layout, mode, allowFallback } };
}

/** Refuses to go on with other data or another plan: the weights would be nobody's. */
export function assertUnchanged(
  { lock, path }: Reopened,
  data: Prepared,
  plan: Plan,
  purpose = 'resumed',
): void {
  const changed = data.files.find(
    (file) => lock.data.files.find((f) => f.name === file.name)?.sha256 !== file.sha256,
  );
  const what = changed
    ? `${changed.name} is not the file that the run started with`
    : planHash(printPlan(plan)) !== lock.plan.sha256
      ? 'the plan is not the one that the run started with (another version of mlx, or other data)'
      : undefined;
  if (what)
    throw dataError('run-changed', `${path} can't be ${purpose}: ${what}`, {
      help: 'start a new run with mlx run',
    });
}

/** The engine that was opened computes as the run's did: its layout may be one that this CPU hasn't. */
export function assertSameBits({ engine, machine }: Lock, info: EngineInfo): void {
  const [was, is] = [engine.options['layout'], info.options['layout']];
  if (was === is) return;
  throw dataError(
    'run-changed',
    `the run can't be resumed here: it computes in the layout \`${was}\` (${machine?.cpu?.model ?? 'its CPU'}), this CPU in \`${is}\``,
    {
      help: 'resume it on a CPU like that one, or start a new run; with `engine: { type: onnx, layout: portable }` a run can move',
    },
  );
}

/** The weights that a finished run ended with: those of its best epoch where the config asks for them. */
export async function finalState(reopened: Reopened, plan: Plan): Promise<State> {
  if (!reopened.checkpoints.last)
    throw dataError('checkpoint-missing', `${reopened.path} has lost its checkpoints`, {
      help: 'train it again with mlx run',
    });
  const { state, best, progress } = await lastCheckpoint(reopened, plan);
  const restored = reopened.loaded.config.training.early_stopping?.restore_best_weights === true;
  return restored && best && progress.best && progress.best.epoch !== progress.epoch ? best : state;
}

/** State and progress of the last checkpoint; those of the start when none was written yet. */
export async function lastCheckpoint(
  { checkpoints, loaded }: Reopened,
  plan: Plan,
): Promise<Pick<Job, 'state' | 'best' | 'progress'>> {
  if (!checkpoints.last) return { state: startState(loaded, plan), best: null, progress: newProgress() };
  const { state, progress } = await load('last', checkpoints.last, plan);
  const best = checkpoints.best ? await load('best', checkpoints.best, plan) : null;
  if (!best && progress.best && loaded.config.training.early_stopping?.restore_best_weights)
    throw dataError('checkpoint-missing', `${checkpoints.last} has lost its best.safetensors`, {
      help: 'start a new run with mlx run',
    });
  // Best weights may be newer than the last ones (a kill between the two files): then the way there finds
  // them again.
  if (best && (best.progress.best?.epoch ?? 0) < (progress.best?.epoch ?? 0))
    throw dataError('checkpoint-damaged', `${checkpoints.best} is older than ${checkpoints.last}`, {
      help: 'start a new run with mlx run',
    });
  return { state, best: best?.state ?? null, progress };
}

/** @throws MlxError `checkpoint-missing`, `checkpoint-damaged` */
async function load(
  kind: 'last' | 'best',
  path: string,
  plan: Plan,
): Promise<{ state: State; progress: Progress }> {
  const { state, meta } = await readCheckpoint(path);
  const fits = plan.state.every(({ name, shape }) => state.get(name)?.length === sizeOf(shape));
  if (!fits || state.size !== plan.state.length || meta['kind'] !== kind || meta['progress'] === undefined)
    throw dataError('checkpoint-damaged', `${path} is not the ${kind} checkpoint of this run`, {
      help: 'start a new run with mlx run',
    });
  return { state, progress: JSON.parse(meta['progress']) as Progress };
}
