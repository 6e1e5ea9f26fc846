import type { Tag } from '../tags.ts';
/** Prepared examples as rows of numbers; images are flattened. */
export interface Rows {
  readonly count: number;
  readonly width: number;
  readonly x: Float32Array; // [count, width]
}

/** Training rows with their truth. */
export interface TrainingRows extends Rows {
  /** Class index [count], or the targets [count, outputs]; labels are 0 and 1. */
  readonly y: Int32Array | Float32Array;
  /** Classes, labels, or targets of a regression. */
  readonly outputs: number;
  /** What y holds: classes, or numbers. */
  readonly form: 'classes' | 'numbers';
  readonly seed: number;
}

/** What decides how long a baseline takes. */
export interface Size {
  readonly train: number;
  readonly test: number;
  readonly width: number;
  readonly outputs: number;
  /** Share of the values that aren't 0. */
  readonly density: number;
}

/** A fitted baseline: `[count, outputs]`, for each class or label a probability, or each target's value. */
export type Predictor = (rows: Rows) => Float32Array;

/**
 * A simple model that a network has to beat: scikit-learn's estimator of the same name and, where nothing else is said,
 * its defaults.
 */
export interface BaselineEntry {
  readonly name: string;
  readonly help: string;
  /** Targets that it learns: any one of these. */
  readonly needs: readonly Tag[];
  /** Tried by default for tables only: it takes too long for thousands of columns. */
  readonly tablesOnly?: true;
  /** Scores are margins, not probabilities. */
  readonly margins?: true;
  /** Multiplications to fit and to predict, roughly. */
  cost(size: Size): number;
  /** Of labels `oneVsRest` makes as many models of two classes. */
  fit(rows: TrainingRows): Predictor;
}
