import type { Entry } from '../entry.ts';
import type { Tag } from '../tags.ts';

/** Prepared examples as rows of numbers; images are flattened. */
export interface Rows {
  readonly count: number;
  readonly width: number;
  readonly x: Float32Array; // [count, width]
}

/** What is asked of a model. */
export interface Answers {
  /** Classes, labels, or targets of a regression. */
  readonly outputs: number;
  /** What y holds: classes, or numbers. */
  readonly form: 'classes' | 'numbers';
}

/** Training rows with their truth. */
export interface TrainingRows extends Rows, Answers {
  /** Class index [count], or the targets [count, outputs]; labels are 0 and 1. */
  readonly y: Int32Array | Float32Array;
  readonly seed: number;
}

/** What decides how long a model takes. */
export interface Size {
  readonly train: number;
  readonly test: number;
  readonly width: number;
  readonly outputs: number;
  /** Share of the values that aren't 0. */
  readonly density: number;
}

export type Values = Float32Array | Float64Array | Int32Array;

/** All that a fitted model is, by name; each entry's file says the shapes. */
export type ModelState = ReadonlyMap<string, Values>;

/** A model after some of its rounds. */
export interface Round {
  /** Rounds that are finished, and how many there are at most. */
  readonly done: number;
  readonly most: number;
  /** What they came to on the training rows, e.g. `loss`. */
  readonly metrics: Readonly<Record<string, number>>;
  /** From here `fit` can go on; left out where it starts again instead. */
  readonly state?: () => ModelState;
}

/** Where an interrupted fit goes on. */
export interface FitStart {
  readonly done: number;
  readonly state: ModelState;
}

export interface Fitted {
  readonly state: ModelState;
  /** What is worth knowing of it, e.g. how many leaves it has. */
  readonly facts: Readonly<Record<string, number>>;
}

/**
 * A model that is fitted to rows: scikit-learn's estimator of the same name, with its fields and defaults. It
 * also runs small, as a baseline that every network has to beat.
 */
export interface ModelEntry<F> extends Entry<F> {
  /** Targets that it learns: any one of these. */
  readonly needs: readonly Tag[];
  /** What one round of its progress is; `fit` for a model that is fitted at once. */
  readonly unit: 'epoch' | 'iteration' | 'round' | 'fit';
  /** As a baseline, where that isn't the model by its defaults: other fields, and what they make of it. */
  readonly small?: { readonly fields: Partial<F>; readonly help: string };
  /** Tried as a baseline by default for tables only: it takes too long for thousands of columns. */
  readonly tablesOnly?: true;
  /** Scores are margins, not probabilities. */
  readonly margins?: true;
  /** Multiplications to fit and to predict, roughly. */
  cost(size: Size, fields: F): number;
  /**
   * Yields after each round. Of labels `fitEach` makes as many models of two classes.
   * @param start of a fit that was interrupted: it ends with the same bits as one that wasn't
   */
  fit(rows: TrainingRows, fields: F, start?: FitStart): Generator<Round, Fitted>;
  /** @returns `[count, outputs]`, for each class or label a probability, or each target's value */
  predict(state: ModelState, rows: Rows, answers: Answers): Float32Array;
}

// biome-ignore lint/suspicious/noExplicitAny: each entry has its own fields
export type AnyModel = ModelEntry<any>;
