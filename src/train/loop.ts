import type { Examples } from '../base/examples.ts';
import { item } from '../base/item.ts';
import type { TrainingOver } from '../base/proofs.ts';
import type { ScheduleMoment } from '../catalog/schedules/schedule.ts';
import type { Session, State, Tensor } from '../engines/engine.ts';
import { invariant } from '../errors.ts';
import type { Plan, Program } from '../plan/index.ts';
import type { RunEvent } from '../protocol/events.ts';
import { LEARNING_RATE } from '../protocol/learning-rate.ts';
import { Batch } from './batches.ts';
import { diverged } from './diverged.ts';
import { evaluate, mean, type Outputs } from './evaluate.ts';
import type { Progress } from './progress.ts';
import { scalarsAt } from './scalars.ts';

export interface LoopSettings {
  readonly epochs: number;
  /** What "best" means: `val_loss`, `loss`, `val_accuracy`, ... and which way is better. */
  readonly monitor: string;
  readonly direction: 'higher' | 'lower';
  readonly patience: number | null; // null: never stop early
  readonly min_delta: number;
  /** Remember the weights of the best epoch; and whether training ends with them. */
  readonly keep_best: boolean;
  readonly restore_best: boolean;
  readonly checkpoint_every: number;
}

/** What the loop needs from outside; it knows neither files nor screens. */
export interface LoopPorts {
  emit(event: RunEvent): void;
  /**
   * Saves the present state and progress, and the best weights where they aren't saved yet: both or neither,
   * or a resume would restore weights of another epoch than its progress says.
   * @returns false when it declined because an earlier save is still under way; never if `final`
   */
  checkpoint(
    progress: Progress,
    states: { last(): Promise<State>; readonly best: State | null },
    final: boolean,
  ): Promise<boolean>;
  /** The order of the training examples in an epoch (from 0). */
  order(epoch: number): Uint32Array;
  /** What the schedule binds at a moment, by the names of the scalars that it changes. */
  scheduled(moment: ScheduleMoment): Readonly<Record<string, number>>;
  /** Validation metrics from raw outputs, without `val_`. */
  score(outputs: Outputs): Record<string, number>;
  /** True ends the training after this epoch (`training.stop_when`). */
  stopWhen(metrics: Readonly<Record<string, number>>): boolean;
  /** True after SIGINT: finish the step, save, return. */
  stopRequested(): boolean;
  /** True when results are no longer wanted, as after a failed write: end as soon as possible. */
  abandoned(): boolean;
  now(): number; // milliseconds
}

export interface LoopEnd {
  readonly status: 'completed' | 'interrupted';
  /** Where it came to its end. */
  readonly over?: TrainingOver;
  readonly seconds: number;
  /** Examples per second of the training steps alone, without the first step of this process. */
  readonly samplesPerSecond: number;
}

/** At most this many step events a run, evenly spaced, so that a long run's log stays small. */
const STEP_EVENTS = 20_000;

/**
 * Trains from `progress` to the end: epochs of shuffled batches, validation, best weights, early stopping.
 * Everything that decides a bit is a function of the plan, the data and `progress`, never of time.
 * @throws MlxError `nan-loss` when the loss is no longer a number; state and folder stay as they are.
 */
export async function trainLoop(
  plan: Plan,
  session: Session,
  data: { readonly train: Examples; readonly validation: Examples },
  settings: LoopSettings,
  progress: Progress,
  best: State | null,
  ports: LoopPorts,
): Promise<LoopEnd> {
  const loop = new Loop(plan, session, data, settings, progress, best, ports);
  return loop.run();
}

class Loop {
  private readonly program: Program;
  /** As many batches as one call of the engine takes. */
  private readonly full: readonly Batch[];
  private readonly tail: Batch | null;
  private readonly steps: number;
  private readonly every: number;
  private readonly started: number;
  private trainingMs = 0;
  private trainedExamples = 0;
  private warm = false;
  /** Whether `best` is in a checkpoint, as it is where a resume takes it from. */
  private bestKept = true;

  constructor(
    private readonly plan: Plan,
    private readonly session: Session,
    private readonly data: { readonly train: Examples; readonly validation: Examples },
    private readonly settings: LoopSettings,
    private readonly progress: Progress,
    private best: State | null,
    private readonly ports: LoopPorts,
  ) {
    const { train } = plan.programs;
    invariant(train, 'the plan trains');
    this.program = train;
    const repeat = session.repeat ? (this.program.repeat ?? 1) : 1;
    this.full = Array.from({ length: repeat }, () => new Batch(this.program.data));
    this.tail = plan.programs.train_tail ? new Batch(plan.programs.train_tail.data) : null;
    this.steps = Math.ceil(data.train.count / this.program.batch);
    this.every = Math.max(1, Math.ceil((this.steps * settings.epochs) / STEP_EVENTS));
    this.started = ports.now();
  }

  async run(): Promise<LoopEnd> {
    const { progress, settings } = this;
    while (progress.stopped === null && progress.epoch < settings.epochs) {
      if (!(await this.epoch())) {
        await this.checkpoint(true);
        return this.end('interrupted');
      }
    }
    if (settings.restore_best && this.best && progress.best && progress.best.epoch !== progress.epoch)
      await this.session.writeState(this.best);
    return this.end('completed');
  }

  private end(status: LoopEnd['status']): LoopEnd {
    return {
      status,
      ...(status === 'completed' && { over: {} as TrainingOver }), // the only place that makes one
      seconds: (this.ports.now() - this.started) / 1000,
      samplesPerSecond: this.trainingMs > 0 ? (this.trainedExamples / this.trainingMs) * 1000 : 0,
    };
  }

  /** Runs one epoch, or the rest of one. @returns false when a stop was requested */
  private async epoch(): Promise<boolean> {
    const { progress, ports, plan } = this;
    const began = ports.now();
    const before = progress.examples;
    const order = ports.order(progress.epoch);
    let scalars: Record<string, number> = {};
    while (progress.step_in_epoch < this.steps) {
      if (ports.stopRequested()) return false;
      scalars = await this.advance(order);
    }
    const metrics: Record<string, number> = {};
    for (const [name, sum] of Object.entries(progress.sums)) metrics[name] = sum / progress.examples;
    const seconds = (ports.now() - began) / 1000;
    const speed = seconds > 0 ? (progress.examples - before) / seconds : 0;
    if (this.data.validation.count > 0) {
      const outputs = await evaluate(
        this.session,
        plan.programs.evaluate!,
        this.data.validation,
        ports.abandoned,
      );
      const loss = mean(outputs.losses);
      if (!Number.isFinite(loss) && !ports.abandoned())
        throw diverged('validation loss', loss, progress, scalars[LEARNING_RATE]);
      metrics['val_loss'] = loss;
      for (const [name, value] of Object.entries(ports.score(outputs))) metrics[`val_${name}`] = value;
    }
    await this.finishEpoch(metrics, scalars, seconds, speed);
    return true;
  }

  /**
   * Takes the next step, or as many as the engine takes in a call.
   * @returns what was bound for the last one
   */
  private async advance(order: Uint32Array): Promise<Record<string, number>> {
    const { progress, program, session, data } = this;
    const from = progress.step_in_epoch * program.batch;
    const whole = Math.floor((order.length - from) / program.batch);
    const batches = whole > 0 ? this.full.slice(0, whole) : [this.tail!];
    const began = this.ports.now();
    let examples = 0;
    const inputs = batches.map((batch, i) => {
      const count = batch.load(data.train, order, from + examples);
      examples += count;
      return { data: batch.data, scalars: this.scalars(i), counter: progress.step + i, count };
    });
    const name = whole > 0 ? 'train' : 'train_tail';
    const results =
      session.repeat && inputs.length > 1
        ? await session.repeat(name, inputs)
        : [await session.run(name, item(inputs, 0))];
    const ms = this.ports.now() - began;
    if (this.warm) {
      this.trainingMs += ms;
      this.trainedExamples += examples;
    }
    this.warm = true;
    const speed = (examples / ms) * 1000;
    inputs.forEach(({ scalars, count }, i) => {
      this.finishStep(item(results, i), scalars, count, speed);
    });
    return item(inputs, inputs.length - 1).scalars;
  }

  /** Adds a step to the progress and, now and then, emits its event. */
  private finishStep(
    results: Readonly<Record<string, Tensor>>,
    scalars: Record<string, number>,
    count: number,
    speed: number,
  ): void {
    const { progress, ports } = this;
    const metrics: Record<string, number> = {};
    for (const [name, [value = Number.NaN]] of Object.entries(results)) {
      metrics[name] = value;
      progress.sums[name] = (progress.sums[name] ?? 0) + value * count;
    }
    const loss = metrics['loss'] ?? Number.NaN;
    progress.examples += count;
    if (progress.step === 0) progress.first_loss = loss;
    progress.peak_loss = Math.max(progress.peak_loss ?? loss, loss);
    progress.step++;
    progress.step_in_epoch++;
    const finite = Number.isFinite(loss);
    if (progress.step % this.every === 0 || progress.step_in_epoch === this.steps || !finite)
      ports.emit({
        type: 'step',
        epoch: progress.epoch + 1,
        step: progress.step,
        step_in_epoch: progress.step_in_epoch,
        metrics,
        scalars,
        samples_per_second: speed,
      });
    if (!finite) throw diverged('loss', loss, progress, scalars[LEARNING_RATE]);
  }

  /** What is bound before the step that is `ahead` of the next. */
  private scalars(ahead: number): Record<string, number> {
    const { progress, steps, settings } = this;
    const step = progress.step + ahead;
    const scheduled = this.ports.scheduled({
      step,
      epoch: progress.epoch,
      steps_per_epoch: steps,
      total_steps: steps * settings.epochs,
      history: progress.history,
    });
    return scalarsAt(this.plan, step, scheduled);
  }

  private async finishEpoch(
    metrics: Record<string, number>,
    scalars: Record<string, number>,
    seconds: number,
    speed: number,
  ) {
    const { progress, settings, ports } = this;
    progress.epoch++;
    progress.step_in_epoch = 0;
    progress.sums = {};
    progress.examples = 0;
    progress.history.push(metrics);
    const value = metrics[settings.monitor];
    const improved = value !== undefined && this.improves(value);
    if (improved) {
      progress.best = { epoch: progress.epoch, value };
      progress.waited = 0;
      if (settings.keep_best) {
        this.best = await this.session.readState();
        this.bestKept = false;
      }
    } else progress.waited++;
    ports.emit({
      type: 'epoch',
      epoch: progress.epoch,
      step: progress.step,
      metrics,
      scalars,
      seconds,
      samples_per_second: speed,
      best: improved && settings.keep_best,
    });
    if (ports.stopWhen(metrics)) progress.stopped = 'stop_when';
    else if (settings.patience !== null && progress.waited > 0 && progress.waited >= settings.patience)
      progress.stopped = 'early_stopping';
    const final = progress.stopped !== null || progress.epoch === settings.epochs;
    if (final || progress.epoch % settings.checkpoint_every === 0) await this.checkpoint(final);
  }

  private async checkpoint(final: boolean): Promise<void> {
    const states = { last: () => this.session.readState(), best: this.bestKept ? null : this.best };
    if (await this.ports.checkpoint(this.progress, states, final)) this.bestKept = true;
  }

  private improves(value: number): boolean {
    const { best } = this.progress;
    if (!best || !Number.isFinite(value)) return Number.isFinite(value);
    const { direction, min_delta } = this.settings;
    return direction === 'lower' ? value < best.value - min_delta : value > best.value + min_delta;
  }
}
