import type { Plan, ProgramName } from '../plan/index.ts';
import type { EngineInfo } from '../protocol/engine-info.ts';
import type { EngineName, GpujsMode, Layout } from '../protocol/engine-names.ts';

export type Tensor = Float32Array | Int32Array;

export interface EngineOptions {
  readonly threads: number;
  readonly layout?: Layout;
  /** gpujs: how kernels run; the best that the machine has where it isn't said. */
  readonly mode?: GpujsMode;
  /** gpujs: take what runs instead, where gpu.js can't do as asked. An error otherwise. */
  readonly allowFallback?: boolean;
}

/** All state tensors by name, copies that belong to the caller. */
export type State = Map<string, Float32Array>;

export interface RunInputs {
  /** Tensors by data name (`x`, `y`); may be reused by the caller once `run` has settled. */
  readonly data: Readonly<Record<string, Tensor>>;
  /** Bound numbers by scalar name. */
  readonly scalars: Readonly<Record<string, number>>;
  /** Counter of the random streams: the training step, from 0. */
  readonly counter: number;
}

/** An opened plan: its state lives here, on the engine's side, shared by all of its programs. */
export interface Session {
  readonly info: EngineInfo;
  /** Compiles a program ahead of its first run, for `Program.repeat` steps in a call where it has that. */
  prepare(program: ProgramName): Promise<void>;
  /**
   * Runs one program once. Next-state outputs replace the state; the others are returned. A returned array
   * may be reused by the next run of the same program: copy what must outlive it.
   */
  run(program: ProgramName, inputs: RunInputs): Promise<Record<string, Tensor>>;
  /**
   * Several calls of `run`, in this order and with the same bits, in one call; only engines that can do so
   * have it. Each number of steps is compiled on its own: `Program.repeat` of them, or what is left of an
   * epoch.
   * @returns the results of each step, in order; after a failure no step counts
   */
  repeat?(program: ProgramName, steps: readonly RunInputs[]): Promise<Record<string, Tensor>[]>;
  /** A copy of the state, or of those of its tensors that are named. */
  readState(names?: readonly string[]): Promise<State>;
  writeState(state: State): Promise<void>;
  close(): Promise<void>;
}

export interface Engine {
  readonly type: EngineName;
  /** Relative tolerance against `reference` on the contract's programs. */
  readonly tolerance: number;
  /** Loads what `open` needs beyond the module, ahead of it. */
  preload?(): Promise<unknown>;
  open(plan: Plan, state: State, options: EngineOptions): Promise<Session>;
}
