import { metrics } from '../catalog/metrics/index.ts';
import type { LoadedConfig } from '../config/index.ts';
import type { Prepared } from '../data/index.ts';
import { toShared } from '../data/index.ts';
import type { EngineInfo, State } from '../engines/engine.ts';
import { EXIT } from '../errors.ts';
import { type Plan, printPlan } from '../plan/index.ts';
import { countLook, createRun, FILES, groupOf, makeLock, type RunFolder } from '../record/index.ts';
import type { Outputs } from '../run/evaluate.ts';
import type { Result, RunEvent, RunStarted } from '../run/events.ts';
import { monitorOf } from '../run/monitor.ts';
import type { Progress } from '../run/progress.ts';
import { auditMessages } from './audit.ts';
import type { EngineChoice } from './choose-engine.ts';
import { columnsJson } from './columns-json.ts';
import { exhibitsOf } from './exhibits/index.ts';
import { featuresJson } from './features-json.ts';
import { planProbe } from './plan-probe.ts';
import {
  assemble,
  failed,
  predictionColumns,
  predictionRows,
  type Scored,
  type Seen,
  score,
  testEvent,
} from './result.ts';
import { testFingerprint } from './test-fingerprint.ts';
import type { EarlyThread } from './thread.ts';
import type { Finished, Late, Trainer } from './trainer.ts';

/** How the outside asks for a clean stop; set while there is something to stop. */
export interface RunHandle {
  stop: (() => void) | null;
}

export interface RunPorts {
  /** The folder that holds `<name>/<run-id>`. */
  readonly experiments: string;
  readonly handle: RunHandle;
  /** Prepared data of earlier runs may be used; so when left out. */
  readonly cache?: boolean;
  readonly threads: EarlyThread;
  /** Id of the run, where its group has chosen one. */
  readonly id?: string;
  emit(event: RunEvent): void;
  /** Draws the report of a completed run's folder. @returns its file's name in the folder */
  report?(folder: string): Promise<string>;
}

/** Everything that training starts from: a new run's first values, or a resumed one's checkpoint. */
export interface Job {
  readonly loaded: LoadedConfig;
  readonly data: Prepared;
  readonly plan: Plan;
  readonly engine: EngineChoice;
  readonly state: State;
  readonly best: State | null;
  readonly progress: Progress;
  /** The folder to go on in; null: make a new one. */
  readonly folder: RunFolder | null;
  /** Refuses an engine that would compute other bits than the run so far. */
  readonly accepts?: (info: EngineInfo) => void;
}

export interface Recorded {
  readonly folder: RunFolder;
  readonly info: EngineInfo;
  readonly monitor: string;
  readonly began: number;
  /** What events have told, for a run that fails. */
  readonly seen: Seen;
}

/** Opens the engine in its thread, makes the folder, trains; every event goes to the record and the report. */
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
      probe: planProbe(loaded.config, plan, data),
      config: loaded.config,
      data: toShared(data),
      engine: { type: engine.type, options: engine.options },
      state: [...job.state],
      best: job.best ? [...job.best] : null,
      progress: job.progress,
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

/** Scores, writes predictions, model and result; checks the expectations. @returns the exit code */
export async function finish(job: Job, end: Finished, record: Recorded, ports: RunPorts): Promise<number> {
  let result: Result;
  try {
    result = await conclude(job, end, record, ports);
    await record.folder.result(result);
  } catch (error) {
    await keepFailure(job, record, error, ports);
    throw error;
  } finally {
    job.data.close();
  }
  // What is kept by now stays as it is, whatever the disk does to the last event.
  await tell(record.folder, result, ports, { report: result.status === 'completed' });
  if (result.status === 'interrupted') return EXIT.interrupted;
  return result.expectations?.some((e) => !e.passed) ? EXIT.expectation : EXIT.done;
}

async function conclude(job: Job, end: Finished, record: Recorded, ports: RunPorts): Promise<Result> {
  const { loaded, data, plan } = job;
  const { config } = loaded;
  const { folder, info, monitor, began } = record;
  const validation = end.validation
    ? score(config, data, data.validation, end.validation, end.decision)
    : undefined;
  const train = end.train && score(config, data, data.unbalanced ?? data.train, end.train, end.decision);
  const test = end.test ? score(config, data, data.test, end.test, end.decision) : undefined;
  if (test) {
    ports.emit({ type: 'stage', stage: 'test', state: 'done' });
    const event = testEvent(test);
    folder.event(event);
    ports.emit(event);
  }
  const late = end.status === 'completed' ? await end.late() : undefined;
  const looks = test && (await look(job, folder, ports));
  const seconds = (performance.now() - began) / 1000;
  const assembled = assemble({
    config,
    plan,
    engine: info,
    monitor,
    end,
    data,
    late,
    seconds,
    ...(train && { train }),
    validation,
    test,
  });
  ports.emit({ type: 'stage', stage: 'save', state: 'started' });
  if (late) {
    await save(job, late, folder, test && { ...test, losses: end.test!.losses });
    await exhibit(job, end, validation, test, folder, ports);
  }
  const files = late && (await folder.fingerprints());
  return { ...assembled, ...(looks && { test_looks: looks }), ...(files && { files }) };
}

/** Counts this run among those that were scored on its test examples. */
async function look(
  { loaded, data }: Job,
  folder: RunFolder,
  ports: RunPorts,
): Promise<Result['test_looks']> {
  const fingerprint = testFingerprint(loaded.config, data);
  // Runs of one group aren't chosen between: together they look once.
  const looker = groupOf(folder.path) ?? folder.path;
  const runs = await countLook(ports.experiments, fingerprint, looker.split(/[\\/]/).slice(-2).join('/'));
  return runs === undefined ? undefined : { fingerprint, runs };
}

async function save(
  job: Job,
  { model }: Late,
  folder: RunFolder,
  test: (Scored & Pick<Outputs, 'losses'>) | undefined,
): Promise<void> {
  if (test) await folder.predictions(predictionRows(job.data, test), predictionColumns(job.data, test));
  if (job.data.columns) await folder.file('columns.json', columnsJson(job.data));
  if (job.data.transforms.length > 0) await folder.file('features.json', featuresJson(job.data));
  await folder.file('model.onnx', model);
}

/** What a report shows besides the result. Without it the run is as good, so that no error here ends it. */
async function exhibit(
  { loaded, plan, data }: Job,
  { state, test: tested, validation: validated }: Finished,
  validation: Scored | undefined,
  test: Scored | undefined,
  folder: RunFolder,
  ports: RunPorts,
): Promise<void> {
  const [part, scored, outputs] = test
    ? (['test', test, tested] as const)
    : (['validation', validation, validated] as const);
  try {
    const seen = scored && outputs && { part, predictions: scored.predictions, losses: outputs.losses };
    const exhibits = exhibitsOf(loaded.config, plan, data, new Map(state), seen);
    await folder.file(FILES.exhibits, new TextEncoder().encode(`${JSON.stringify(exhibits)}\n`));
  } catch (error) {
    warn(ports, 'exhibits', `${FILES.exhibits} couldn't be made`, error);
  }
}

function warn(ports: RunPorts, code: string, what: string, error: unknown): void {
  const why = error instanceof Error ? error.message : String(error);
  ports.emit({ type: 'message', level: 'warning', code, text: `${what}: ${why}` });
}

/** The last event, which carries the result that the folder holds; others may write here after it. */
async function tell(
  folder: RunFolder,
  result: Result,
  ports: RunPorts,
  wanted: { readonly report: boolean },
): Promise<void> {
  const page =
    wanted.report &&
    (await ports.report?.(folder.path).catch((error) => {
      warn(ports, 'report', `${FILES.report} couldn't be made`, error);
    }));
  const event: RunEvent = {
    type: 'run_completed',
    run: folder.run,
    result,
    ...(page && { report: `${folder.run}/${page}` }),
  };
  try {
    folder.event(event);
  } finally {
    await folder.close();
  }
  ports.emit(event);
}

/** The folder says `failed` and why; if even that can't be written, the first error is the one to show. */
async function keepFailure(job: Job, record: Recorded, error: unknown, ports: RunPorts): Promise<void> {
  const seconds = (performance.now() - record.began) / 1000;
  const result = failed(job.plan, record.info, record.seen, seconds, error);
  try {
    await record.folder.result(result);
    await tell(record.folder, result, ports, { report: false });
  } catch {
    ports.emit({ type: 'run_completed', run: record.folder.run, result });
    await record.folder.close().catch(() => {}); // others may write here: a resume, once there is room
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
