/** `mlx clean --json`; an interface that others read: only add to it. */
export interface Cleaning {
  readonly format: 1;
  /** Whether it was done, or only said. */
  readonly done: boolean;
  readonly remove: readonly CleanedRun[];
  readonly keep: readonly KeptRun[];
  /** What killed processes left: paths that belong to no run. */
  readonly leftovers: readonly { readonly path: string; readonly bytes: number }[];
  /** All that is removed. */
  readonly bytes: number;
}

export interface CleanedRun {
  /** `<name>/<id>`; a group goes with all of its runs. */
  readonly run: string;
  readonly status: string;
  readonly part: 'run' | 'group' | 'checkpoints';
  readonly bytes: number;
}

export interface KeptRun {
  readonly run: string;
  readonly why: 'running' | 'tagged' | 'best' | 'tags damaged' | 'not completed';
}
