import type { Position } from '../errors.ts';
import type { EngineInfo } from './engine-info.ts';
import type { ClassRow, Confusion, MetricValue } from './metric-values.ts';
import type { Result } from './result.ts';

/** What a run reports, in order. `record` keeps it, `report` shows it; the loop knows neither. */
export type RunEvent =
  | RunStarted
  | StageEvent
  | StepEvent
  | EpochEvent
  | CheckpointEvent
  | MessageEvent
  | TestEvent
  | RunCompleted;

/** Sent once everything is compiled and just before the first step. */
export interface RunStarted {
  readonly type: 'run_started';
  readonly name: string;
  /** `experiments/<name>/<run-id>`. */
  readonly run: string;
  readonly seed: number;
  readonly task: string;
  readonly engine: EngineInfo;
  readonly parameters: number;
  readonly epochs: number;
  readonly steps_per_epoch: number;
  readonly batch_size: number;
  readonly examples: { readonly train: number; readonly validation: number; readonly test: number };
  /** Step from which a resumed run goes on; 0 for a new one. */
  readonly first_step: number;
  /** Metric names of the step events, e.g. `['loss', 'accuracy']`. */
  readonly metrics: readonly string[];
  /** Monitored quantity that `best` means, e.g. `val_loss`. */
  readonly monitor: string;
  readonly time: string; // ISO 8601, UTC
}

export interface StageEvent {
  readonly type: 'stage';
  readonly stage: 'read' | 'split' | 'plan' | 'train' | 'test' | 'save';
  readonly state: 'started' | 'done';
  readonly detail?: string;
  readonly seconds?: number;
}

/**
 * One a step; of runs with more than 20,000 steps every k-th and the last of each epoch. Which steps are
 * reported depends on the plan alone, never on time. Values are of that step.
 */
export interface StepEvent {
  readonly type: 'step';
  readonly epoch: number; // from 1
  readonly step: number; // global, from 1
  readonly step_in_epoch: number; // from 1
  readonly metrics: Readonly<Record<string, number>>; // loss, accuracy, ...
  /** What was bound, by config path. */
  readonly scalars: Readonly<Record<string, number>>;
  readonly samples_per_second: number;
}

export interface EpochEvent {
  readonly type: 'epoch';
  readonly epoch: number;
  readonly step: number;
  /** Means over the epoch's examples (`loss`, `accuracy`) and validation's (`val_loss`, ...). */
  readonly metrics: Readonly<Record<string, number>>;
  readonly scalars: Readonly<Record<string, number>>;
  readonly seconds: number;
  readonly samples_per_second: number;
  readonly best: boolean;
}

export interface CheckpointEvent {
  readonly type: 'checkpoint';
  readonly kind: 'last' | 'best';
  readonly epoch: number;
  readonly step: number;
  readonly file?: string;
}

export interface MessageEvent {
  readonly type: 'message';
  readonly level: 'info' | 'warning';
  readonly code: string;
  readonly text: string;
  /** Where in the config it belongs, what else to know, what to do. */
  readonly position?: Position;
  readonly notes?: readonly string[];
  readonly help?: string;
  /** Numbers behind the text, e.g. milliseconds of a step by engine. */
  readonly values?: Readonly<Record<string, number>>;
}

/** Once, after training: the test split, looked at for the first and only time. */
export interface TestEvent {
  readonly type: 'test';
  readonly examples: number;
  readonly metrics: Readonly<Record<string, MetricValue>>;
  /** Class tasks only: rows are truth, columns prediction. */
  readonly confusion?: Confusion;
  /** Of each class, or of each label. */
  readonly per_class?: readonly ClassRow[];
}

export interface RunCompleted {
  readonly type: 'run_completed';
  readonly run: string;
  readonly result: Result;
  /** Where its page is: `experiments/<name>/<run-id>/report.html`. */
  readonly report?: string;
}
