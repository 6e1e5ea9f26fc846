import type { Entry } from '../entry.ts';

export interface ScheduleMoment {
  readonly step: number; // global, from 0
  readonly epoch: number; // from 0
  readonly steps_per_epoch: number;
  readonly total_steps: number;
  /** Metrics of the finished epochs, oldest first. */
  readonly history: readonly Readonly<Record<string, number>>[];
}

/**
 * A pure function from where training stands to a number that the optimizer reads, so that a resume needs no
 * state.
 */
export interface ScheduleEntry<P> extends Entry<P> {
  /** The scalar of the plan that it changes, by its config path. */
  readonly changes: string;
  rate(base: number, at: ScheduleMoment, params: P): number;
}
