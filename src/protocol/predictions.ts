/** Truth and prediction of one class against all others, or of one label. */
export interface Counts {
  readonly tp: number;
  readonly fp: number;
  readonly fn: number;
  readonly tn: number;
}

interface Scored {
  readonly count: number;
  /** Numbers that the model gives for each example. */
  readonly units: number;
  /** `[count, units]`. */
  readonly scores: Float32Array;
}

/** Scores of several classes beside the true ones. A single score belongs to the second of two classes. */
export interface ClassScores extends Scored {
  readonly form: 'classes';
  readonly classes: readonly string[];
  /** The scores are margins of any size, not probabilities. */
  readonly margins: boolean;
  /** Class index `[count]`. */
  readonly truth: Int32Array;
}

/** One class for each example. */
export interface ClassPredictions extends ClassScores {
  /** Class index `[count]`. */
  readonly predicted: Int32Array;
  /** Examples: rows are truth, columns prediction. */
  readonly confusion: readonly (readonly number[])[];
}

/** Any number of labels for each example. */
export interface LabelPredictions extends Scored {
  readonly form: 'labels';
  readonly labels: readonly string[];
  readonly margins: boolean;
  /** 0 and 1, `[count, labels]`. */
  readonly truth: Int32Array;
  readonly predicted: Int32Array;
  /** Of each label. */
  readonly counts: readonly Counts[];
}

/** Numbers: the scores are the predictions. */
export interface NumberPredictions extends Scored {
  readonly form: 'numbers';
  /** `[count, units]`. */
  readonly truth: Float32Array;
}

/** A split's predictions beside its truth. Which form they have is the task's matter. */
export interface PredictionForms {
  readonly classes: ClassPredictions;
  readonly labels: LabelPredictions;
  readonly numbers: NumberPredictions;
}

export type PredictionForm = keyof PredictionForms;
export type Predictions = PredictionForms[PredictionForm];

/** Predictions of one of these forms. */
export type PredictionsOf<F extends PredictionForm> = PredictionForms[F];
