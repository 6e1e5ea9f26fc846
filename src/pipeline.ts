import type { LoadedConfig } from './config/index.ts';
import { finish } from './pipeline/conclude.ts';
import { train } from './pipeline/experiment.ts';
import type { Job, RunPorts } from './pipeline/job.ts';
import { prepareExperiment } from './pipeline/prepare.ts';
import { assertSameBits, assertUnchanged, lastCheckpoint, reopen } from './pipeline/reopen.ts';
import { stages } from './pipeline/stages.ts';
import { startState } from './pipeline/start-state.ts';
import type { EngineInfo } from './protocol/engine-info.ts';
import { findRun, openRun, takeLease } from './record/index.ts';
import { chooseEngine, likelyEngine } from './train/choose-engine.ts';
import { firstInputs } from './train/first-inputs.ts';
import { newProgress } from './train/progress.ts';
import type { Thread } from './train/thread.ts';
import { Trainer } from './train/trainer.ts';

export { type LoadedConfig, loadConfig } from './config/index.ts';
export type { RunHandle, RunPorts } from './pipeline/job.ts';

/**
 * The whole house on one screen:
 *
 *   config --load--> data --prepare--> plan --compile--> training thread --run--> folder --record-->
 *
 * @returns the exit code: 0, 1 for a failed expectation, 130 when interrupted
 * @throws MlxError with its own exit code; the folder then says `failed`
 */
export function runExperiment(loaded: LoadedConfig, ports: RunPorts): Promise<number> {
  return withTrainer(ports.threads.take(), likelyEngine(loaded.config.engine), async (trainer) => {
    const { data, plan } = await prepareExperiment(loaded, stages(ports.emit), ports.cache);
    const state = startState(loaded, plan);
    const trial = { plan, state, inputs: () => firstInputs(plan, data) };
    const engine = await chooseEngine(loaded.config.engine, trial);
    const job: Job = { loaded, data, plan, engine, state, best: null, progress: newProgress(), folder: null };
    const { end, record } = await train(job, trainer, ports);
    return finish(job, end, record, ports);
  });
}

/**
 * The same from a run's last checkpoint, into the same folder; weights end bit-equal to an unstopped run's.
 */
export async function resumeExperiment(run: string, ports: RunPorts): Promise<number> {
  const path = await findRun(ports.experiments, run);
  const lease = takeLease(path); // before anything is read: another resume may be about to change it
  try {
    const reopened = await reopen(run, path);
    const { loaded, lock, engine } = reopened;
    return await withTrainer(ports.threads.take(), engine.type, async (trainer) => {
      const { files } = lock.data;
      const { data, plan } = await prepareExperiment(loaded, stages(ports.emit), ports.cache, files);
      assertUnchanged(reopened, data, plan);
      const start = await lastCheckpoint(reopened, plan);
      const accepts = (info: EngineInfo) => assertSameBits(lock, info);
      const job: Job = { loaded, data, plan, engine, ...start, folder: await openRun(path, lease), accepts };
      const { end, record } = await train(job, trainer, ports);
      return finish(job, end, record, ports);
    });
  } finally {
    lease.release();
  }
}

/** The training thread loads the engine, if that is known, while the data are read. */
async function withTrainer(
  thread: Thread,
  preload: string | null,
  work: (trainer: Trainer) => Promise<number>,
): Promise<number> {
  const trainer = new Trainer(thread, preload);
  try {
    return await work(trainer);
  } finally {
    await trainer.close();
  }
}
