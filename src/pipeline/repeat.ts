import { join } from 'node:path';
import { loadConfig } from '../config/index.ts';
import { engines } from '../engines/index.ts';
import { dataError } from '../errors.ts';
import { printPlan } from '../plan/index.ts';
import { isLock, type Lock, type RunRecord, stateHash } from '../record/index.ts';
import { newProgress } from '../train/progress.ts';
import { Trainer } from '../train/trainer.ts';
import { finish } from './conclude.ts';
import { train } from './experiment.ts';
import type { Job, RunPorts } from './job.ts';
import { prepareExperiment } from './prepare.ts';
import { pinnedEngine } from './reopen.ts';
import { stages } from './stages.ts';
import { startState } from './start-state.ts';

/** What is known before the first step. */
export interface RepeatFacts {
  readonly seed: number;
  readonly files: Lock['data']['files'];
  readonly splits: Lock['data']['splits'];
  readonly planText: string;
  /** As `lock.initial.sha256`. */
  readonly initial: string;
}

export interface Repeatable {
  readonly lock: Lock;
  /** Relative tolerance that the engine states for one pass. */
  readonly tolerance: number;
  /**
   * Trains again from the lock into a folder below `ports.experiments`, unless `goOn` declines what is known
   * before.
   * @returns whether it trained
   * @throws MlxError of data that are missing, of an engine that can't be had
   */
  run(ports: RunPorts, goOn: (facts: RepeatFacts) => boolean): Promise<boolean>;
}

/** A run of any status as something to do once more. @throws MlxError `run-damaged` */
export async function repeatable(record: RunRecord): Promise<Repeatable> {
  const { lock, folder, resolved, problems } = record;
  const damaged = (what: string) =>
    dataError('run-damaged', `${folder} can't be reproduced: ${what}`, {
      help: 'ask for a whole copy of the folder',
    });
  if (!lock) throw damaged(problems.join('; ') || 'its lock.json is missing');
  const engine = isLock(lock) ? engines.get(lock.engine.type) : undefined;
  if (!engine) throw damaged('its lock.json is not what mlx writes there');
  if (resolved === undefined) throw damaged('its config.resolved.yaml is missing');
  return {
    lock,
    tolerance: (await engine()).tolerance,
    async run(ports, goOn) {
      const read = loadConfig(join(folder, 'config.resolved.yaml'), { set: [] });
      // Relative paths start at the folder of the config that the user wrote.
      const loaded = { ...read, file: join(folder, lock.config.file) };
      const { data, plan } = await prepareExperiment(loaded, stages(ports.emit), true, lock.data.files);
      const state = startState(loaded, plan);
      const { files, splits } = data;
      const facts = { seed: loaded.config.seed, files, splits, planText: printPlan(plan) };
      if (!goOn({ ...facts, initial: stateHash(state) })) return false;
      const job: Job = {
        loaded,
        data,
        plan,
        engine: pinnedEngine(lock),
        state,
        best: null,
        progress: newProgress(),
        folder: null,
      };
      const trainer = new Trainer(ports.threads.take(), job.engine.type);
      try {
        const { end, record: recorded } = await train(job, trainer, ports);
        await finish(job, end, recorded, ports);
      } finally {
        await trainer.close();
      }
      return true;
    },
  };
}
