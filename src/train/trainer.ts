import type { Worker } from 'node:worker_threads';
import type { Validation } from '../base/proofs.ts';
import type { NetworkConfig } from '../config/config.ts';
import type { SharedData } from '../data/index.ts';
import type { EngineOptions, State } from '../engines/engine.ts';
import { EXIT, type ExitCode, MlxError } from '../errors.ts';
import type { BaselineReport } from '../evaluate/index.ts';
import type { Plan } from '../plan/index.ts';
import type { Decision } from '../protocol/decision.ts';
import type { EngineInfo } from '../protocol/engine-info.ts';
import type { RunEvent } from '../protocol/events.ts';
import type { Outputs } from './evaluate.ts';
import type { LoopEnd } from './loop.ts';
import type { ProbePlan } from './plan-probe.ts';
import type { Signs } from './probe.ts';
import type { Progress } from './progress.ts';
import type { Thread } from './thread.ts';

/** State tensors as they cross the thread border. */
export type StateEntries = [name: string, values: Float32Array][];

/** All that the training thread gets; plain data. */
export interface TrainingJob {
  readonly plan: Plan;
  readonly probe: ProbePlan;
  readonly config: NetworkConfig;
  readonly data: SharedData;
  readonly engine: { readonly type: string; readonly options: EngineOptions };
  readonly state: StateEntries;
  readonly best: StateEntries | null;
  readonly progress: Progress;
  /** Fields of each baseline by its name: the training thread can't read schemas. */
  readonly baselines: Readonly<Record<string, unknown>>;
}

export interface TrainingEnd extends LoopEnd {
  readonly progress: Progress;
  /** Of the network as it is now: weights and moving statistics. */
  readonly state: StateEntries;
  /** Absent when interrupted. */
  readonly validation?: Validation<Outputs>;
  readonly test?: Outputs;
  /** Where the config asks for it. */
  readonly train?: Outputs;
  /** Where the config asks for a calibration or a threshold. */
  readonly decision?: Decision;
}

/**
 * What is found after the end of a completed training, while the main thread scores the outputs and writes
 * files.
 */
export interface Late {
  readonly baselines?: BaselineReport;
  /** For verdicts on the training. */
  readonly signs?: Signs;
  /** Share of the most frequent class in training. */
  readonly majority?: number;
  /** Loss of guessing by the classes' shares, where the loss is a plain crossentropy. */
  readonly guessLoss?: number;
}
export interface Finished extends TrainingEnd {
  /** The trained network as ONNX, of a completed training. */
  model(): Promise<Uint8Array>;
  late(): Promise<Late>;
}

export type FromWorker =
  | { readonly kind: 'ready'; readonly info: EngineInfo }
  | { readonly kind: 'events'; readonly events: readonly RunEvent[] }
  | {
      readonly kind: 'checkpoint';
      readonly last: StateEntries;
      /** The best weights, where they are new since the checkpoint before. */
      readonly best: StateEntries | null;
      readonly progress: Progress;
    }
  | { readonly kind: 'end'; readonly end: TrainingEnd }
  | { readonly kind: 'model'; readonly model: Uint8Array }
  | { readonly kind: 'late'; readonly late: Late }
  | {
      readonly kind: 'failed';
      readonly code?: string;
      readonly message: string;
      readonly exit?: ExitCode;
      readonly help?: string;
    };

export type ToWorker =
  /** Load this engine meanwhile. */
  | { readonly kind: 'preload'; readonly engine: string }
  | { readonly kind: 'open'; readonly job: TrainingJob }
  | { readonly kind: 'start' }
  | { readonly kind: 'close' };

export const CONTROL = { stop: 0, writing: 1 } as const;
/** Values of the stop flag: end after this step; and: nobody waits for results any more. */
export const REQUESTED = 1;
export const ABANDONED = 2;

/** A promise that is settled from outside. */
function deferred<T>() {
  let resolve!: (value: T) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<T>((...settle) => {
    [resolve, reject] = settle;
  });
  return { promise, resolve, reject };
}

/** Callbacks of the main thread; a rejected promise ends the training. */
export interface TrainerPorts {
  events(events: readonly RunEvent[]): void | Promise<void>;
  checkpoint(last: State, best: State | null, progress: Progress): Promise<void>;
}

/**
 * The main thread's handle of the training thread. Training runs in a worker because ONNX Runtime
 * blocks the thread that calls it, and the terminal and SIGINT must stay alive.
 */
export class Trainer {
  private readonly worker: Worker;
  private readonly control: Int32Array;
  private queue: Promise<void> = Promise.resolve();
  private started = false;
  /** Nothing is kept or shown any more: the folder is closed. */
  private failed = false;
  private readonly gone: Promise<void>;
  private ports: TrainerPorts | null = null;
  private readonly opened = deferred<EngineInfo>();
  private readonly ended = deferred<TrainingEnd>();
  private readonly model = deferred<Uint8Array>();
  private readonly late = deferred<Late>();

  /** The thread loads the engine named `preload`, if any, while the data are read. */
  constructor({ worker, control }: Thread, preload: string | null) {
    this.control = new Int32Array(control);
    this.worker = worker;
    if (preload) this.tell({ kind: 'preload', engine: preload });
    // A failure may come before, or after, anybody waits for these.
    for (const { promise } of [this.opened, this.ended, this.model, this.late]) promise.catch(() => {});
    this.worker.on('message', (message: FromWorker) => {
      this.queue = this.queue.then(() => this.receive(message)).catch((error) => this.fail(error));
    });
    this.worker.on('error', (error) => this.fail(error));
    this.gone = new Promise((resolve) => this.worker.once('exit', () => resolve()));
    this.worker.on('exit', (code) => {
      this.queue = this.queue.then(() =>
        this.fail(new MlxError('engine-died', `the training thread ended with code ${code}`, EXIT.engine)),
      );
    });
  }

  /**
   * Opens the engine for a plan; its programs are compiled afterwards, while this thread makes the folder.
   */
  open(job: TrainingJob): Promise<EngineInfo> {
    this.tell({ kind: 'open', job });
    return this.opened.promise;
  }

  /** Starts training and resolves when it's over; rejects with what went wrong there or in a port. */
  async train(ports: TrainerPorts): Promise<Finished> {
    this.ports = ports;
    this.started = true;
    this.tell({ kind: 'start' });
    const end = await this.ended.promise;
    return { ...end, model: () => this.model.promise, late: () => this.late.promise };
  }

  /** Asks for an end after the step that is under way; `train` then resolves as interrupted. */
  stop(): void {
    Atomics.compareExchange(this.control, CONTROL.stop, 0, REQUESTED);
  }

  /**
   * Lets the thread end by itself, after the step that is under way: a thread that is terminated inside of
   * ONNX Runtime takes the whole process down.
   */
  async close(): Promise<void> {
    Atomics.store(this.control, CONTROL.stop, ABANDONED);
    if (!this.started) this.tell({ kind: 'close' });
    await this.gone;
  }

  private fail(error: unknown): void {
    this.failed = true;
    this.opened.reject(error);
    this.ended.reject(error);
    this.model.reject(error);
    this.late.reject(error);
  }

  private tell(message: ToWorker): void {
    this.worker.postMessage(message);
  }

  private async receive(message: FromWorker): Promise<void> {
    if (this.failed) return;
    switch (message.kind) {
      case 'ready':
        this.opened.resolve(message.info);
        return;
      case 'events':
        await this.ports!.events(message.events);
        return;
      case 'checkpoint':
        try {
          const { last, best, progress } = message;
          await this.ports!.checkpoint(new Map(last), best && new Map(best), progress);
        } finally {
          Atomics.sub(this.control, CONTROL.writing, 1);
        }
        return;
      case 'end':
        this.ended.resolve(message.end);
        return;
      case 'model':
        this.model.resolve(message.model);
        return;
      case 'late':
        this.late.resolve(message.late);
        return;
      case 'failed':
        this.fail(
          message.code
            ? new MlxError(message.code, message.message, message.exit!, { help: message.help })
            : new Error(message.message),
        );
    }
  }
}
