/** `mlx check-run --json`; an interface that others read: only add to it. */
export interface CheckedRun {
  readonly format: 1;
  readonly run: string;
  /** What the run was held against; null where no gate asks for it. */
  readonly baseline: string | null;
  readonly passed: boolean;
  /** That the run is whole comes first. */
  readonly gates: readonly Gate[];
}

export interface Gate {
  /** As it was written; `completed` for the one that every run has. */
  readonly text: string;
  readonly passed: boolean;
  /** null where the run hasn't got the quantity; that passes nothing. */
  readonly found: number | null;
  /** The number that `found` is held against. */
  readonly limit: number | null;
  /** 95% interval of what was found. */
  readonly interval?: readonly [number, number];
  /** How many examples it was measured on. */
  readonly examples?: number;
  /** Of a gate that names the baseline. */
  readonly baseline?: {
    readonly value: number | null;
    /** Run minus baseline on the same examples, with its 95% interval and the p value of the paired test. */
    readonly difference?: number | null;
    readonly interval?: readonly [number, number];
    readonly p?: number;
    readonly test?: string;
  };
  /** Why it can't be checked; it then fails. */
  readonly reason?: string;
}
