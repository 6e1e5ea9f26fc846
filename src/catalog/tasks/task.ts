import type { Shape } from '../../base/shape.ts';
import type { GraphBuilder, Node } from '../../graph/index.ts';
import type { DatasetExhibit, ExamplesExhibit, Exhibit, ShownExample } from '../../protocol/exhibits.ts';
import type { Predictions } from '../../protocol/predictions.ts';
import type { TargetShape } from '../../protocol/target.ts';
import type { LossDecision, LossEntry } from '../losses/loss.ts';
import type { Tag } from '../tags.ts';

/**
 * What can be asked of a target without knowing what it consists of. Tasks with the same kind of target share
 * one.
 */
export interface TargetForm<T extends TargetShape = TargetShape> {
  readonly kind: T['kind'];
  /** What a network's outputs stand for: classes, numbers or labels. */
  outputs(target: T): readonly string[];
  /** y of one example in a plan, without the batch axis. */
  y(target: T): { readonly shape: Shape; readonly dtype: 'f32' | 'i32' };
  /** Room for the truth of `count` examples, of the type that predictions have it in. */
  truth(target: T, count: number): Int32Array | Float32Array;
  /** What it is called where the config names no column. */
  named(target: T): string;
  /** What training examples hold: `values` are their y, one after the other. */
  summary(target: T, values: ArrayLike<number>): Pick<DatasetExhibit, 'counts' | 'numbers'>;
  /** `10 classes`, `1 number`. */
  size(target: T): string;
  /** The same in a sentence about outputs: `1 target`. */
  count(target: T): string;
  /**
   * The classes of the rows, where each row has one: what a split keeps the shares of, and balancing evens
   * out.
   */
  classes(target: T): readonly string[] | undefined;
  /** The labels, where an example may have any number of them. */
  labels(target: T): readonly string[] | undefined;
}

/** A threshold for one class, or for each label. */
export type Threshold =
  | { readonly positive: number; readonly value: number }
  | { readonly values: readonly number[] };

/** Scores of one split beside its truth. */
export interface Given<T extends TargetShape> {
  readonly target: T;
  /** `[count, units]`. */
  readonly scores: Float32Array;
  readonly units: number;
  /** As `TargetForm.truth` makes it. */
  readonly truth: Int32Array | Float32Array;
  /** How the loss decides. */
  readonly decision: LossDecision;
  /** Decides in place of the loss. */
  readonly threshold?: Threshold;
  /** The scores are margins of any size, not probabilities. */
  readonly margins?: boolean;
}

/** A threshold of which only training tells the value. */
export interface ThresholdInput {
  /** The input that has it, or each output's: `[]` or `[1, outputs]`. */
  value(shape: Shape): Node;
  /** The class that it is for, where it is for one. */
  readonly positive: number | undefined;
  readonly margins: boolean;
}

/** What validation is to tell. */
export interface AskedOfValidation {
  readonly calibration: boolean;
  readonly threshold: boolean;
  /** What the threshold is for, where that is one output. */
  readonly positive: number | undefined;
}

export interface Undecidable {
  readonly key: 'calibration' | 'threshold';
  /** `no validation example is of class b`. */
  readonly why: string;
}

export interface PredictedColumns {
  /** What the scores belong to, in their order. */
  readonly scores?: readonly string[];
  /** What truth and prediction are of, where they are several. */
  readonly targets?: readonly string[];
}

export interface PredictedRow {
  /** A name, or a number for each target. */
  readonly truth: string | ArrayLike<number>;
  readonly prediction: string | ArrayLike<number>;
  readonly scores?: ArrayLike<number>;
}

/** Columns of predictions.csv that belong together, row by row, as texts. */
export type Cells = readonly (readonly string[])[];

/** What a finished run has kept of its predictions. */
export interface KeptPredictions {
  /** What its result names as outputs: classes or labels; empty for numbers. */
  readonly outputs: readonly string[];
  readonly truth: Cells;
  readonly prediction: Cells;
  readonly scores: Cells;
}

export interface ReadPredictions<P extends Predictions> {
  readonly predictions: P;
  /** Truth and prediction of each row for people. */
  readonly truth: readonly string[];
  readonly predicted: readonly string[];
}

export type PositiveLabel = string | number | boolean | null;

/** All that is particular to one task. */
export interface TaskEntry<T extends TargetShape = TargetShape, P extends Predictions = Predictions> {
  readonly name: string;
  readonly help: string;
  /** What its targets and predictions are: `catalog/tags.ts`. */
  readonly offers: readonly Tag[];
  readonly target: TargetForm<T>;
  /** Of its predictions. */
  readonly form: P['form'];
  /** It has several targets, which stand in columns of a table. */
  readonly several?: true;
  readonly defaults: {
    readonly loss: string;
    readonly metrics: readonly string[];
    /** What models are compared by where the config lists no metric. */
    readonly headline: string;
    /** By what training and test are held against each other where there is no validation. */
    readonly gap: string;
  };
  /** Units that the last layer must have for this loss. @throws Misfit `loss-target` */
  // biome-ignore lint/suspicious/noExplicitAny: the loss's fields don't matter here
  units(loss: LossEntry<any>, target: T): number;
  /**
   * What the loss decides by the scores `[batch, units]`, in the graph: i32 `[batch]`, or `[batch, units]` of
   * several decisions. Undefined where the scores are the prediction. `predictions` decides the same on the
   * host.
   */
  decide(g: GraphBuilder, scores: Node, decision: LossDecision): Node | undefined;
  /** Scores of calibrated logits `[batch, units]`, in the graph. */
  probabilities?(g: GraphBuilder, logits: Node): Node;
  /** What a threshold decides, in the graph: the form of `decide`. */
  decideByThreshold?(g: GraphBuilder, scores: Node, threshold: ThresholdInput): Node;
  predictions(given: Given<T>): P;
  /** Names in the columns of predictions.csv. @param units scores of one example */
  columns(target: T, units: number): PredictedColumns;
  /** What stands there of example i. */
  row(predictions: P, i: number): PredictedRow;
  /** The inverse of `columns` and `row`, or why these cells aren't what they write. */
  read(kept: KeptPredictions): ReadPredictions<P> | { readonly missing: string };
  /** An answer is right or wrong (`exact`), or off by some amount (`distance`). */
  readonly answers: ExamplesExhibit['answers'];
  /**
   * Of exact answers: whether that of example i is right, and which right answers are alike, where they are
   * of kinds.
   */
  judge?(predictions: P, i: number): { readonly right: boolean; readonly kind?: number };
  /** Example i for people. */
  describe(predictions: P, i: number): Pick<ShownExample, 'truth' | 'prediction' | 'confidence'>;
  /** What its predictions have to show besides single examples. */
  exhibits(predictions: P, target: T): readonly Exhibit[];
  /** How scores of a model without a loss are decided. */
  decision(margins: boolean): LossDecision;
  /**
   * Which output a threshold is for, by the config's `pos_label`; undefined where each has one of its own, or
   * the target isn't known yet. Left out where nothing is decided. @throws Misfit `pos-label`
   */
  positive?(label: PositiveLabel, target: T | undefined): number | undefined;
  /** The threshold of each output that needs one; `best` finds it on validation. */
  choose?(target: T, positive: number | undefined, best: (output: number) => number): Threshold;
  /** Why validation examples with this truth can't tell what is asked for, if they can't. */
  undecidable?(target: T, truth: Int32Array, asked: AskedOfValidation): Undecidable | undefined;
  /** Each output is a question of its own, which a model of two classes can answer alone. */
  readonly eachAlone?: true;
}
