import type { LoadedConfig } from '../config/index.ts';
import type { Prepared } from '../data/index.ts';
import type { State } from '../engines/engine.ts';
import type { Plan } from '../plan/index.ts';
import type { EngineInfo } from '../protocol/engine-info.ts';
import type { RunEvent } from '../protocol/events.ts';
import type { RunFolder } from '../record/index.ts';
import type { EngineChoice } from '../train/choose-engine.ts';
import type { Progress } from '../train/progress.ts';
import type { EarlyThread } from '../train/thread.ts';
import type { Seen } from './result.ts';

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
  /** What events have reported so far, for a run that fails. */
  readonly seen: Seen;
}
