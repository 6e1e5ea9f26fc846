/** `mlx reproduce --json`; an interface that others read: only add to it. */
export interface Reproduction {
  readonly format: 1;
  readonly run: string;
  readonly verdict: 'identical' | 'within tolerance' | 'different' | 'environment mismatch';
  /** Only the first steps were repeated, this many of them. */
  readonly quick: number | null;
  /** The first thing that isn't as it was; null where all is. */
  readonly first: Divergence | null;
  readonly checks: readonly Check[];
  /** Relative, of every number. */
  readonly tolerance: number;
  /** Whether the environment is the reference's, so that bits must be equal. */
  readonly same_environment: boolean;
  readonly seconds: number;
}

export interface Divergence {
  readonly what: Check['name'];
  /** One line: `step 12: loss 0.5 → 0.51`. */
  readonly text: string;
}

export interface Check {
  readonly name:
    | 'version'
    | 'machine'
    | 'seed'
    | 'config'
    | 'data'
    | 'plan'
    | 'initial weights'
    | 'steps'
    | 'epochs'
    | 'metrics'
    | 'baselines'
    | 'predictions'
    | 'final weights';
  readonly outcome: 'identical' | 'within tolerance' | 'different' | 'not checked';
  /** What was found, or why it wasn't checked. */
  readonly text: string;
}

/** Exit codes of `mlx reproduce`, beside those of errors. */
export const REPRODUCE_EXIT = {
  identical: 0,
  'within tolerance': 10,
  different: 11,
  'environment mismatch': 12,
} as const satisfies Record<Reproduction['verdict'], number>;
