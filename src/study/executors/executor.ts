import type { LoadedConfig } from '../../config/index.ts';
import type { RunPorts } from '../../pipeline.ts';

/** A run of a group that is to be trained. */
export interface Task {
  readonly loaded: LoadedConfig;
  /** Its folder, in the place and with the name that its group has chosen. */
  readonly folder: string;
  /** The folder is there: the run goes on from its last checkpoint. */
  readonly begun: boolean;
}

/** How a run left the executor; what came of it stands in its folder. */
export interface Ended {
  /** Exit code, as of `mlx run`: 130 when it was interrupted. */
  readonly code: number;
  /** What ended it, where an error did. */
  readonly error?: unknown;
}

export interface ExecutorPorts extends Pick<RunPorts, 'experiments' | 'cache' | 'threads' | 'report'> {
  /** Does one run in this process under a reporter, which shows what it throws. @returns its exit code */
  each(work: (ports: Pick<RunPorts, 'handle' | 'emit'>) => Promise<number>): Promise<number>;
}

/** Starts runs and answers how they are. */
export interface Executor<Handle = unknown> {
  /** How many runs may be at work at once. */
  readonly parallel: number;
  start(task: Task): Promise<Handle>;
  /** How a run is; may wait for news. @returns undefined while it is at work */
  status(handle: Handle): Promise<Ended | undefined>;
}

/**
 * A place where runs are trained: an entry of `index.ts`. It keeps nothing that a group needs: all of that is
 * in the run's folder, so that any process may go on with a group by any executor.
 */
export interface ExecutorEntry {
  readonly name: string;
  open(ports: ExecutorPorts): Executor;
}
