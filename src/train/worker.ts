import { parentPort, workerData } from 'node:worker_threads';
import { type Examples, TARGET } from '../base/examples.ts';
import { inOrder } from '../base/order.ts';
import { shuffled, streamKey } from '../base/random.ts';
import { holds, parseExpectation } from '../catalog/expectation.ts';
import { losses } from '../catalog/losses/index.ts';
import { metrics } from '../catalog/metrics/index.ts';
import { rateAt, schedules } from '../catalog/schedules/index.ts';
import { taskOf } from '../catalog/tasks/index.ts';
import { fromShared, hasDeferred, openTest } from '../data/index.ts';
import { type Engine, engines, type State } from '../engines/index.ts';
import { invariant, MlxError } from '../errors.ts';
import type { BaselineReport } from '../evaluate/index.ts';
import type { RunEvent } from '../protocol/events.ts';
import type { TargetShape } from '../protocol/target.ts';
import { tryBaselines } from './baselines.ts';
import { decide } from './decision.ts';
import { diverged } from './diverged.ts';
import { evaluate, mean, type Outputs } from './evaluate.ts';
import { exportModel } from './export-model.ts';
import { type LoopPorts, type LoopSettings, trainLoop } from './loop.ts';
import { monitorOf, watchedMetrics } from './monitor.ts';
import { predicted } from './predicted.ts';
import { probe } from './probe.ts';
import type { Thread } from './thread.ts';
import {
  ABANDONED,
  CONTROL,
  type FromWorker,
  type Late,
  type StateEntries,
  type ToWorker,
  type TrainingJob,
} from './trainer.ts';

const { control: flags } = workerData as Pick<Thread, 'control'>;
const port = parentPort!;
const send = (message: FromWorker, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer);

/** Events wait here and go in one message, at most every EVERY_MS; order is kept. */
const EVERY_MS = 50;
let waiting: RunEvent[] = [];
let sent = 0;
function flush(): void {
  if (waiting.length > 0) send({ kind: 'events', events: waiting });
  waiting = [];
  sent = performance.now();
}

/** Messages of the main thread in their order, however early they come. */
const inbox = (() => {
  const got: ToWorker[] = [];
  const awaiting: ((message: ToWorker) => void)[] = [];
  port.on('message', (message: ToWorker) => {
    const next = awaiting.shift();
    if (next) next(message);
    else got.push(message);
  });
  return {
    next: () =>
      new Promise<ToWorker>((resolve) => (got.length > 0 ? resolve(got.shift()!) : awaiting.push(resolve))),
    /** Lets the thread end. */
    close: () => port.unref(),
  };
})();

const entries = (state: ReadonlyMap<string, Float32Array>): StateEntries => [...state];
const buffers = (state: StateEntries) => state.map(([, values]) => values.buffer as ArrayBuffer);

async function main(): Promise<void> {
  let told = await inbox.next();
  if (told.kind === 'preload') {
    // Its failure, if it has one, comes again when the engine is opened.
    await load(told.engine)
      .then((engine) => engine.preload?.())
      .catch(() => {});
    told = await inbox.next();
  }
  if (told.kind === 'open') await train(told.job);
}

const load = (type: string): Promise<Engine> => engines.get(type)!();

async function train(job: TrainingJob): Promise<void> {
  const { plan, config, engine, progress } = job;
  const late = hasDeferred(job.data)
    ? (await import('../data/deferred-features.ts')).deferredFiller
    : undefined;
  const data = fromShared(job.data, late);
  const session = await (await load(engine.type)).open(plan, new Map(job.state), engine.options);
  send({ kind: 'ready', info: session.info });
  await session.prepare('train');
  if ((await inbox.next()).kind === 'close') return session.close();

  const control = new Int32Array(flags);
  const positions = inOrder(data.train.count);
  const stopRequested = () => Atomics.load(control, CONTROL.stop) !== 0;
  const abandoned = () => Atomics.load(control, CONTROL.stop) === ABANDONED;
  const ports: LoopPorts = {
    emit(event) {
      waiting.push(event);
      if (performance.now() - sent >= EVERY_MS) flush();
    },
    async checkpoint(at, states, final) {
      if (abandoned() || (!final && Atomics.load(control, CONTROL.writing) > 0)) return false;
      flush();
      const last = entries(await states.last());
      // A copy: the loop keeps its own, and what is sent is handed over.
      const best = states.best && entries(states.best).map(([name, v]): StateEntries[0] => [name, v.slice()]);
      Atomics.add(control, CONTROL.writing, 1);
      const transfer = [...buffers(last), ...(best ? buffers(best) : [])];
      send({ kind: 'checkpoint', last, best, progress: structuredClone(at) }, transfer);
      return true;
    },
    order: (epoch) =>
      config.training.shuffle ? shuffled(positions, streamKey(plan.seed, 'shuffle', epoch)) : positions,
    scheduled(moment) {
      const schedule = schedules.get(config.schedule.type);
      invariant(schedule, `schedule ${config.schedule.type} passed validation`);
      const rate = rateAt(schedule, config.schedule as never, config.optimizer.learning_rate, moment);
      return { [schedule.changes]: rate };
    },
    score: (outputs) => scores(job, outputs, data.validation),
    stopWhen: stopWhen(config.training.stop_when),
    stopRequested,
    abandoned,
    now: () => performance.now(),
  };
  const best = job.best ? new Map(job.best) : null;
  const settings = loopSettings(job);
  const end = await trainLoop(plan, session, data, settings, progress, best, ports);
  flush();
  const program = plan.programs.evaluate!;
  const outputsOf = async <E extends Examples>(part: E) =>
    end.status === 'completed' && part.count > 0
      ? evaluate(session, program, part, stopRequested)
      : undefined;
  const validation = await outputsOf(data.validation);
  const decision =
    validation && !stopRequested() ? decide(config, data.target, data.validation, validation) : {};
  const trained = config.training.score_train ? await outputsOf(data.unbalanced ?? data.train) : undefined;
  const heldOut = end.over && openTest(job.data, end.over, late);
  const test = heldOut && (await outputsOf(heldOut));
  const loss = test && !stopRequested() ? mean(test.losses) : 0;
  if (!Number.isFinite(loss)) throw diverged('test loss', loss, progress, undefined);
  const network = plan.state.filter(({ role }) => role !== 'optimizer').map(({ name }) => name);
  const state = await session.readState(network);
  // A stop that comes while the test split is scored leaves the last checkpoint, from which a resume scores
  // it again.
  const scored = stopRequested()
    ? { status: 'interrupted' as const }
    : { validation, test, decision, ...(trained && { train: trained }) };
  const told = { ...end, progress, state: entries(state), ...scored };
  send({ kind: 'end', end: told });
  if (told.status === 'completed') {
    const model = await exportModel(plan, state, decision);
    send({ kind: 'model', model }, [model.buffer as ArrayBuffer]);
    const baselines = compared(job, { ...data, test: heldOut }, validation, test, stopRequested);
    const looked = await signs(job, data, state);
    send({ kind: 'late', late: { baselines, ...looked } });
  }
  await session.close();
}

/** Whether an epoch's metrics fulfil `training.stop_when`, which is parsed once. */
function stopWhen(text: string | null): LoopPorts['stopWhen'] {
  if (!text) return () => false;
  const expectation = parseExpectation(text);
  return (values) => holds(expectation, values);
}

/** What verdicts on the training look at; without it the run is as good, so that no error here ends it. */
type Guesses = Pick<Late, 'majority' | 'guessLoss'>;

async function signs(
  job: TrainingJob,
  { target, train }: { readonly target: TargetShape; readonly train: Examples },
  state: State,
): Promise<Pick<Late, 'signs' | 'majority' | 'guessLoss'>> {
  const { config, engine, probe: planned } = job;
  const classes = taskOf(config.task).target.classes(target);
  const guesses = classes ? guessing(job, train, classes.length) : {};
  try {
    const load = await engines.get(engine.type)!();
    return {
      signs: await probe(planned, train, load, engine.options, state),
      ...guesses,
    };
  } catch (error) {
    const text = `units and gradients couldn't be looked at: ${error instanceof Error ? error.message : String(error)}`;
    send({ kind: 'events', events: [{ type: 'message', level: 'warning', code: 'probe', text }] });
    return guesses;
  }
}

/** What always giving the classes' shares would reach in training. */
function guessing({ config, plan }: TrainingJob, train: Examples, classes: number): Guesses {
  const labels = new Int32Array(train.count);
  train.fill(TARGET, labels, inOrder(train.count), 0, train.count);
  const shares = new Array<number>(classes).fill(0);
  for (const label of labels) shares[label]! += 1 / train.count;
  const entropy = shares.reduce((sum, share) => sum - (share > 0 ? share * Math.log(share) : 0), 0);
  const loss = losses.get(config.loss.type)!;
  // True of examples that all weigh alike.
  const plain = loss.entropy?.(config.loss as never) && !plan.data.balance?.weighted;
  return { majority: Math.max(...shares), ...(plain && { guessLoss: entropy }) };
}

/**
 * The network against simple models, on the test split, or on validation where there is none: all as they
 * are, without a calibration or a threshold, which simple models would gain from as well.
 */
function compared(
  { plan, config, baselines: fields }: TrainingJob,
  data: Record<'train' | 'validation', Examples> & {
    readonly test?: Examples;
    readonly unbalanced?: Examples;
    readonly target: TargetShape;
  },
  validation: Outputs | undefined,
  test: Outputs | undefined,
  stopRequested: () => boolean,
): BaselineReport | undefined {
  const split = test ? 'test' : 'validation';
  const outputs = test ?? validation;
  if (!outputs || stopRequested()) return undefined;
  const { target } = data;
  const train = data.unbalanced ?? data.train;
  const scored = data[split]!;
  const network = predicted(config, target, scored, outputs);
  return tryBaselines({ config, fields, plan, target, train, scored, split, network }, stopRequested);
}

function loopSettings(job: TrainingJob): LoopSettings {
  const { training } = job.config;
  const early = training.early_stopping;
  const { monitor, direction } = monitorOf(
    early?.monitor ?? null,
    job.plan.data.split.validation > 0,
    metrics,
  );
  return {
    epochs: training.epochs,
    monitor,
    direction,
    patience: early?.patience ?? null,
    min_delta: early?.min_delta ?? 0,
    keep_best: early?.restore_best_weights === true || job.plan.data.split.validation > 0,
    restore_best: early?.restore_best_weights === true,
    checkpoint_every: training.checkpoint_every,
  };
}

/** The metrics of one split's outputs, where they are defined. */
function scores(job: TrainingJob, outputs: Outputs, part: Examples): Record<string, number> {
  const watched = [
    job.config.training.early_stopping?.monitor,
    job.config.training.stop_when,
    job.config.schedule['monitor'] as string | undefined,
  ];
  const { config, data } = job;
  const predictions = predicted(config, data.target, part, outputs);
  const values: Record<string, number> = {};
  for (const name of watchedMetrics(config.evaluation.metrics, watched, metrics)) {
    const value = metrics.get(name)!.compute(predictions);
    if (value !== null) values[name] = value;
  }
  return values;
}

main().catch(failed).finally(inbox.close);

function failed(error: unknown): void {
  flush();
  if (error instanceof MlxError)
    send({
      kind: 'failed',
      code: error.code,
      message: error.message,
      exit: error.exit,
      help: error.details.help,
    });
  else
    send({
      kind: 'failed',
      message: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
}
