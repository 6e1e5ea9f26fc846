/** One class against the rest, or one label. */
export interface ClassRow {
  readonly class: string;
  readonly precision: number | null; // null where nothing was predicted so
  readonly sensitivity: number | null;
  readonly specificity: number | null;
  readonly f1: number | null;
  readonly support: number;
}

export interface MetricValue {
  readonly value: number | null; // null where undefined
  readonly interval?: readonly [number, number]; // 95%
}

/** One bar of a reliability diagram: predictions of about the same confidence. */
export interface ReliabilityBin {
  readonly count: number;
  /** Mean probability of the predicted class, and how often it is right. */
  readonly confidence: number;
  readonly accuracy: number;
}

/** What was taken for what. */
export interface Confusion {
  readonly classes: readonly string[];
  /** Examples: rows are truth, columns prediction. */
  readonly counts: readonly (readonly number[])[];
}
