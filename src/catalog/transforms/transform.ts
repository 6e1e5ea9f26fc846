import type { StreamKey } from '../../base/random.ts';
import type { Shape } from '../../base/shape.ts';
import type { GraphBuilder, Node } from '../../graph/index.ts';
import type { Column, ColumnKind } from '../../readers/raw-data.ts';
import type { Entry } from '../entry.ts';

/** Rows handed to `fit`: the training split only, by construction. */
export interface FitRows {
  readonly count: number;
  readonly shape: Shape; // of one example
  /** Of a table: the columns that the step is for, one for each element. */
  readonly columns?: readonly Column[];
  /**
   * Copies row i (float values) into `out`. Rows in order cost least: pass over them, and don't keep them
   * all.
   */
  row(i: number, out: Float64Array): void;
  /** What is to be predicted, for transforms that look at it; left out where there is nothing. */
  readonly target?: FitTarget;
  /** Random bits of this step alone, from the experiment's seed. */
  readonly stream: StreamKey;
}

/** The targets of the training rows. */
export interface FitTarget {
  /** Names of the classes, where each row has one. */
  readonly classes?: readonly string[];
  /** Numbers or labels that each row has; 1 of classes. */
  readonly columns: number;
  /** Class index of row i, or its number in `column`. */
  value(i: number, column?: number): number;
}

/** What `apply` may have to know of its rows besides their values. */
export interface ApplyContext {
  /**
   * These are training rows; the first one's place among them. For transforms that treat them unlike others.
   */
  readonly training?: number;
  /** For each column that the step takes: of text, what the codes stand for. */
  readonly texts?: readonly (readonly string[] | undefined)[];
}

/** What was learned, plain data for the plan, the lock and the exported model. */
export interface Fitted {
  /** One line for `mlx plan`: "mean 0.1307, std 0.3081 over 7,000 training rows". */
  readonly summary: string;
  /** Output shape of one example. */
  readonly shape: Shape;
  /**
   * Of a table: the columns that it makes. Left out where they are those that came in, or have no names of
   * their own.
   */
  readonly columns?: readonly OutColumn[];
  /** Element-wise `x * scale + shift`; arrays hold one value, or one per element of the example. */
  readonly affine?: { readonly scale: Float64Array; readonly shift: Float64Array };
  /** `(x - mean) · components`, components row-major `[features, outputs]` (pca and its like). */
  readonly projection?: {
    readonly mean: Float64Array;
    readonly components: Float64Array;
    readonly outputs: number;
  };
  /** What a transform of table columns learned, by names of its own. */
  readonly vectors?: Readonly<Record<string, Float64Array>>;
  /** Of text columns. An exported model takes the counts of the words in place of a text. */
  readonly text?: FittedText;
  /**
   * What it learned for each training row alone: in which fold it lies, where folds are encoded from each
   * other.
   */
  readonly folds?: Uint8Array;
  /** Facts worth recording, e.g. the explained variance. */
  readonly facts?: Readonly<Record<string, number | readonly number[]>>;
}

/** Which words of a text are counted. */
export interface FittedText {
  /** For each column that came in. */
  readonly vocabularies: readonly (readonly string[])[];
  /** Fewest and most neighbouring words that are taken together. */
  readonly ngrams: readonly [number, number];
  /** Left out before neighbours are looked for. */
  readonly stop_words: readonly string[];
}

/** A column that a transform makes; `from` is the one that it stands for, of those that came in. */
export interface OutColumn extends Column {
  readonly from?: number;
}

/** A fitted feature transform; scikit-learn's names. */
export interface TransformEntry<P> extends Entry<P> {
  /** True when nothing is learned from rows (`pixel`): `mlx check` can know its output without data. */
  readonly stateless: boolean;
  /** Kinds of table columns that it takes when none are named; numbers and dates when left out. */
  readonly accepts?: readonly ColumnKind[];
  /** It knows what to do with missing values. */
  readonly missing?: true;
  /** Output shape when it is known before fitting; undefined for "as many as explain 95%". @throws Misfit */
  shape(input: Shape, params: P): Shape | undefined;
  fit(rows: FitRows, params: P): Fitted;
  /** Applies it to `count` rows of float values. */
  apply(fitted: Fitted, rows: Float64Array, count: number, context?: ApplyContext): Float64Array;
  /**
   * The same for an exported model: x is f32 `[batch, ...shape]`; of text `[batch, words]`, how often each
   * one stands there.
   */
  emit(g: GraphBuilder, x: Node, fitted: Fitted): Node;
}
