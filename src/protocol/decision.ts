/** What was made on validation once training was over, and goes into every prediction from then on. */
export interface Decision {
  readonly calibration?: {
    readonly type: string;
    readonly learned: readonly number[];
    /** Why nothing could be learned; `learned` changes nothing then. */
    readonly open?: string;
  };
  /** Of one class, or of each label. */
  readonly threshold?:
    | { readonly positive: number; readonly value: number }
    | { readonly values: readonly number[] };
}
