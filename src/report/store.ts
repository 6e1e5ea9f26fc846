import type {
  EpochEvent,
  MessageEvent,
  RunCompleted,
  RunEvent,
  RunStarted,
  StageEvent,
  StepEvent,
  TestEvent,
} from '../protocol/events.ts';
import { LEARNING_RATE } from '../protocol/learning-rate.ts';
import { Series } from './series.ts';

export const STAGES = ['read', 'split', 'plan', 'train', 'test', 'save'] as const;
const KEPT_EPOCHS = 256;
const KEPT_MESSAGES = 50;

/**
 * What is known of a run so far: everything that the views draw from. Only `apply` writes to it, and
 * it looks at no clock: the caller says when an event came (milliseconds, any origin).
 */
export interface RunState {
  started?: RunStarted;
  startedAt: number;
  stages: Partial<Record<StageEvent['stage'], StageEvent>>;
  /** Values of single steps, by metric; x counts epochs: 0.5 is the middle of the first one. */
  steps: Map<string, Series>;
  /** Means of whole epochs, by metric (`val_loss`). */
  epochMeans: Map<string, Series>;
  /** The last epochs, oldest first. */
  epochs: EpochEvent[];
  last?: StepEvent;
  lastAt: number;
  best?: EpochEvent;
  messages: MessageEvent[];
  test?: TestEvent;
  completed?: RunCompleted;
}

export const newState = (): RunState => ({
  startedAt: 0,
  stages: {},
  steps: new Map(),
  epochMeans: new Map(),
  epochs: [],
  lastAt: 0,
  messages: [],
});

/** Takes one event in; costs the same at every length of a run. */
export function apply(state: RunState, e: RunEvent, now: number): void {
  switch (e.type) {
    case 'run_started':
      state.started = e;
      state.startedAt = now;
      break;
    case 'stage':
      state.stages[e.stage] = e;
      break;
    case 'step': {
      state.last = e;
      state.lastAt = now;
      const x = e.step / Math.max(1, state.started?.steps_per_epoch ?? 1);
      for (const [name, value] of Object.entries(e.metrics)) series(state.steps, name).add(x, value);
      break;
    }
    case 'epoch':
      state.epochs.push(e);
      if (state.epochs.length > KEPT_EPOCHS) state.epochs.shift();
      if (e.best) state.best = e;
      for (const [name, value] of Object.entries(e.metrics))
        series(state.epochMeans, name).add(e.epoch, value);
      break;
    case 'message':
      state.messages.push(e);
      if (state.messages.length > KEPT_MESSAGES) state.messages.shift();
      break;
    case 'test':
      state.test = e;
      break;
    case 'run_completed':
      state.completed = e;
      break;
    case 'checkpoint':
      break; // nothing to show: `best` comes with the epoch
    default:
      e satisfies never;
  }
}

function series(all: Map<string, Series>, name: string): Series {
  let found = all.get(name);
  if (!found) {
    found = new Series();
    all.set(name, found);
  }
  return found;
}

export interface Progress {
  readonly epoch: number; // from 1
  readonly epochs: number;
  readonly step: number; // in this epoch, from 1; 0 before the first
  readonly steps: number; // per epoch
  /** Of all epochs, 0 to 1. */
  readonly fraction: number;
  readonly elapsed: number; // seconds since the first step was about to start
  /** Seconds; undefined before the first step. */
  readonly left?: number;
}

/** Where training stands, or undefined before it starts. */
export function progress(state: RunState, now: number): Progress | undefined {
  const run = state.started;
  if (!run) return undefined;
  const total = run.epochs * run.steps_per_epoch;
  const done = Math.min(
    total,
    Math.max(state.last?.step ?? 0, state.epochs.at(-1)?.step ?? 0, run.first_step),
  );
  const here = done - run.first_step;
  const elapsed = Math.max(0, now - state.startedAt) / 1000;
  // The rate is that of the time until the last step reported, so that the estimate counts down between
  // steps.
  const rate = here > 0 ? (state.lastAt - state.startedAt) / 1000 / here : undefined;
  const since = Math.max(0, now - state.lastAt) / 1000;
  const epoch = Math.min(
    run.epochs,
    Math.floor(Math.max(0, done - 1) / Math.max(1, run.steps_per_epoch)) + 1,
  );
  return {
    epoch: state.last?.epoch ?? epoch,
    epochs: run.epochs,
    step: state.last?.step_in_epoch ?? 0,
    steps: run.steps_per_epoch,
    fraction: total > 0 ? done / total : 0,
    elapsed,
    left: rate === undefined ? undefined : Math.max(0, rate * (total - done) - since),
  };
}

/** The rate bound in the newest step; schedules change it from step to step. */
export const learningRate = (scalars: Readonly<Record<string, number>>): number | undefined =>
  scalars[LEARNING_RATE];

/** The second curve beside the loss: the first running metric (`accuracy`, `mean_absolute_error`). */
export const secondMetric = (state: RunState): string | undefined =>
  state.started?.metrics.find((name) => name !== 'loss');
