import { metrics } from '../catalog/metrics/index.ts';
import { baselineFields } from '../catalog/models/index.ts';
import { type LoadedConfig, networkOf } from '../config/index.ts';
import { toShared } from '../data/index.ts';
import type { State } from '../engines/engine.ts';
import { type Plan, printPlan } from '../plan/index.ts';
import type { EngineInfo } from '../protocol/engine-info.ts';
import type { RunEvent, RunStarted } from '../protocol/events.ts';
import { createRun, makeLock, type RunFolder } from '../record/index.ts';
import { monitorOf } from '../train/monitor.ts';
import { planProbe } from '../train/plan-probe.ts';
import type { Finished, Trainer } from '../train/trainer.ts';
import { auditMessages } from './audit.ts';
import { keepFailure } from './conclude.ts';
import type { Job, Recorded, RunPorts } from './job.ts';
import type { Seen } from './result.ts';
import { givenState } from './start-state.ts';

/**
 * Opens the engine in its thread, makes the folder, trains; every event goes to the record and the report.
 */
export async function train(
  job: Job,
  trainer: Trainer,
  ports: RunPorts,
): Promise<{ end: Finished; record: Recorded }> {
  const { loaded, data, plan, engine } = job;
  const began = performance.now();
  try {
    const info = await trainer.open({
      plan,
      probe: { ...planProbe(networkOf(loaded.config), plan, data), start: givenAtStart(loaded, plan) },
      config: networkOf(loaded.config),
      data: toShared(data),
      engine: { type: engine.type, options: engine.options },
      state: [...job.state],
      best: job.best ? [...job.best] : null,
      progress: job.progress,
      baselines: baselineFields(),
    });
    job.accepts?.(info);
    // From here on a stop leaves a folder that can be resumed, even if it comes while the folder is made.
    ports.handle.stop = () => trainer.stop();
    const folder = job.folder ?? (await newFolder(job, info, ports));
    const early = loaded.config.training.early_stopping?.monitor ?? null;
    const { monitor } = monitorOf(early, data.validation.count > 0, metrics);
    const seen: Seen = { epochs: job.progress.epoch, metrics: {}, step: job.progress.step };
    const record: Recorded = { folder, info, monitor, began, seen };
    const both = (event: RunEvent) => {
      if (event.type === 'step') seen.step = event.step;
      if (event.type === 'epoch') Object.assign(seen, { epochs: event.epoch, metrics: event.metrics });
      folder.event(event);
      ports.emit(event);
    };
    try {
      both(started(job, record));
      both({ type: 'stage', stage: 'train', state: 'started' });
      if (engine.reason) {
        const { reason: text, measured } = engine;
        both({ type: 'message', level: 'info', code: 'engine', text, ...(measured && { values: measured }) });
      }
      auditMessages(loaded, data.audit).forEach(both);
      const end = await trainer.train({
        events: (events) => events.forEach(both),
        checkpoint: async (last, best, progress) => {
          const keep = async (kind: 'last' | 'best', state: State) => {
            const file = await folder.checkpoint(kind, state, { kind, progress: JSON.stringify(progress) });
            both({ type: 'checkpoint', kind, epoch: progress.epoch, step: progress.step, file });
          };
          // In this order: a kill in between leaves a newer best, which the resumed run finds again.
          if (best) await keep('best', best);
          await keep('last', last);
        },
      });
      return { end, record };
    } catch (error) {
      await keepFailure(job, record, error, ports);
      throw error;
    }
  } finally {
    ports.handle.stop = null;
  }
}

/** For a diagnosis only: a resumed run goes on where such a file is gone by now. */
function givenAtStart(loaded: LoadedConfig, plan: Plan): [string, Float32Array][] {
  try {
    return [...givenState(loaded, plan)];
  } catch {
    return [];
  }
}

async function newFolder(
  { loaded, data, plan, engine, state }: Job,
  info: EngineInfo,
  { experiments: root, id }: RunPorts,
): Promise<RunFolder> {
  const planText = printPlan(plan);
  return createRun({
    root,
    ...(id !== undefined && { id }),
    name: loaded.config.name,
    configText: loaded.text,
    resolvedText: loaded.resolved,
    planText,
    lock: (folder: string) =>
      makeLock({
        folder,
        configFile: loaded.file,
        configText: loaded.resolved,
        overrides: loaded.overrides,
        planText,
        engine: info,
        engineReason: engine.reason,
        engineMeasured: engine.measured,
        files: data.files,
        splits: data.splits,
        seed: loaded.config.seed,
        initial: state,
      }),
  });
}

function started({ loaded, data, plan, progress }: Job, { folder, info, monitor }: Recorded): RunStarted {
  const { config } = loaded;
  const train = plan.programs.train!;
  const running = train.graph.outputs
    .map((o) => o.name)
    .filter((name) => !plan.state.some((s) => s.name === name));
  return {
    type: 'run_started',
    name: config.name,
    run: folder.run,
    seed: config.seed,
    task: config.task,
    engine: info,
    parameters: plan.parameters,
    epochs: config.training.epochs,
    steps_per_epoch: Math.ceil(data.train.count / train.batch),
    batch_size: train.batch,
    examples: { train: data.train.count, validation: data.validation.count, test: data.test.count },
    first_step: progress.step,
    metrics: running,
    monitor,
    time: new Date().toISOString(),
  };
}
